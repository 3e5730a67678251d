package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/term"

	"willcall/core"
)

// longestTyped is how long a line may be that is typed or piped in, in bytes:
// longer than any password that is accepted.
const longestTyped = 4 << 10

// atTerminal reports whether somebody can be asked something.
func (at *bench) atTerminal() bool {
	return at.s.in != nil && term.IsTerminal(int(at.s.in.Fd()))
}

// newPassword reads a new password: typed twice on a terminal, without an echo,
// or with --password-stdin the first line of the standard input. It is never an
// argument, which every user of the computer could read.
func (at *bench) newPassword(ctx context.Context) (string, error) {
	if at.has("password-stdin") {
		return firstLine(at.s.in)
	}
	if !at.atTerminal() {
		return "", at.refuse("command.password-stdin")
	}
	once, err := at.ask(ctx, "command.password", hidden)
	if err != nil {
		return "", err
	}
	again, err := at.ask(ctx, "command.password-again", hidden)
	if err == nil && again != once {
		err = core.RefuseField(core.CodeRepeat, "password")
	}
	return once, err
}

// reading is how a line is read from a terminal.
type reading func(at *bench) (string, error)

// hidden shows nothing of what is typed.
func hidden(at *bench) (string, error) {
	raw, err := term.ReadPassword(int(at.s.in.Fd()))
	say(at.s.err, "") // the line's end isn't shown either
	return string(raw), err
}

// shown lets the terminal show what is typed.
func shown(at *bench) (string, error) { return firstLine(at.s.in) }

// ask reads a line from a terminal. Where the command is broken off meanwhile,
// the terminal is left as it was.
func (at *bench) ask(ctx context.Context, key string, read reading, pairs ...string) (string, error) {
	fd := int(at.s.in.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return "", fmt.Errorf("ask on the terminal: %w", err)
	}
	_, _ = io.WriteString(at.s.err, at.p.T(key, pairs...)+" ")
	type typed struct {
		line string
		err  error
	}
	answered := make(chan typed, 1)
	go func() {
		line, err := read(at)
		answered <- typed{line, err}
	}()
	select {
	case got := <-answered:
		if got.err != nil {
			return "", fmt.Errorf("read from the terminal: %w", got.err)
		}
		return got.line, nil
	case <-ctx.Done():
		say(at.s.err, "")
		return "", errors.Join(ctx.Err(), term.Restore(fd, before))
	}
}

// firstLine reads a line, without its end; what comes behind it is left out.
func firstLine(from io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(from, longestTyped)).ReadString('\n')
	if err != nil && (!errors.Is(err, io.EOF) || line == "") {
		return "", fmt.Errorf("read a line: %w", err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}
