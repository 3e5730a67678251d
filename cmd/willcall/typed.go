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
	return at.asking(ctx, at.typeTwice)
}

// typeTwice has a password typed. The terminal is raw from before the first
// question until after the second answer, so that no letter is shown that comes
// early either; ctrl+c is a letter then.
func (at *bench) typeTwice() (string, error) {
	fd := int(at.s.in.Fd())
	before, err := term.MakeRaw(fd)
	if err != nil {
		return "", err
	}
	lines := term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{at.s.in, at.s.err}, "")
	once, err := lines.ReadPassword(at.p.T("command.password") + " ")
	var again string
	if err == nil {
		again, err = lines.ReadPassword(at.p.T("command.password-again") + " ")
	}
	switch restored := term.Restore(fd, before); {
	case errors.Is(err, io.EOF):
		return "", errors.Join(errGivenUp, restored)
	case err != nil || restored != nil:
		return "", errors.Join(err, restored)
	case again != once:
		return "", core.RefuseField(core.CodeRepeat, "password")
	}
	return once, nil
}

// errGivenUp is somebody who was asked and would rather not.
var errGivenUp = errors.New("broken off instead of answering")

// asking waits for an answer from the terminal. Where the command is broken off
// meanwhile, the terminal is left as it was.
func (at *bench) asking(ctx context.Context, question func() (string, error)) (string, error) {
	fd := int(at.s.in.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return "", fmt.Errorf("ask on the terminal: %w", err)
	}
	type answer struct {
		line string
		err  error
	}
	answered := make(chan answer, 1)
	go func() {
		line, err := question()
		answered <- answer{line, err}
	}()
	select {
	case got := <-answered:
		return got.line, got.err
	case <-ctx.Done():
		err := term.Restore(fd, before)
		say(at.s.err, "")
		return "", errors.Join(ctx.Err(), err)
	}
}

// ask has a line typed, which is shown.
func (at *bench) ask(ctx context.Context, key string) (string, error) {
	return at.asking(ctx, func() (string, error) {
		_, _ = io.WriteString(at.s.err, at.p.T(key)+" ")
		return firstLine(at.s.in)
	})
}

// firstLine reads a line, without its end; what comes behind it is left out.
func firstLine(from io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(from, longestTyped)).ReadString('\n')
	if err != nil && (!errors.Is(err, io.EOF) || line == "") {
		return "", fmt.Errorf("read a line: %w", err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}
