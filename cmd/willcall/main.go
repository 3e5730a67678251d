// Command willcall is a back-office console for box offices.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // institutions have time zones, also where the system has none

	"willcall/core"
	"willcall/core/safetext"
	"willcall/storage"
	"willcall/ui/text"
)

// Exit codes of every command.
const (
	exitDone      = 0
	exitFailed    = 1
	exitUsage     = 2
	exitForbidden = 3
	exitBusy      = 4
	exitPart      = 5
	exitInternal  = 70
	exitCancelled = 130
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(code)
}

// streams are where a command reads and writes.
type streams struct {
	in       *os.File
	out, err io.Writer
}

// errUsage is a wrong call; its text was already shown.
var errUsage = errors.New("wrong usage")

// command is one subcommand; the one without a name is the console.
type command struct {
	name string
	run  func(ctx context.Context, p text.Printer, args []string, s streams) error
}

func commands() []command {
	return []command{{"", runConsole}, {"demo", runDemo}}
}

// run finds the command, runs it, and turns its error into a line and a code.
func run(ctx context.Context, args []string, s streams) int {
	words, err := text.Load()
	if err != nil {
		_, _ = fmt.Fprintln(s.err, err)
		return exitInternal
	}
	p := words.In(text.English)
	chosen := commands()[0]
	if len(args) > 0 && args[0] != "" && args[0][0] != '-' {
		found := false
		for _, c := range commands() {
			if c.name == args[0] {
				chosen, args, found = c, args[1:], true
				break
			}
		}
		if !found {
			say(s.err, p.T("command.unknown", "name", safetext.Line(args[0])))
			return exitUsage
		}
	}
	return report(ctx, p, s, chosen.run(ctx, p, args, s))
}

// report says what went wrong, and gives the exit code.
func report(ctx context.Context, p text.Printer, s streams, err error) int {
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
		return exitDone
	case errors.Is(err, errUsage):
		return exitUsage
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		return exitCancelled
	}
	say(s.err, p.T("command.failed", "error", safetext.Line(explain(p, err))))
	return codeOf(err)
}

// explain prefers the catalogue's sentence to an error's own words.
func explain(p text.Printer, err error) string {
	var locked *storage.LockedError
	switch {
	case errors.As(err, &locked):
		return p.T("command.locked", "holder", locked.Error())
	case core.CodeOf(err) != core.CodeInternal:
		return p.Error(err)
	}
	return err.Error()
}

func codeOf(err error) int {
	switch {
	case errors.Is(err, storage.ErrLocked):
		return exitBusy
	case errors.Is(err, storage.ErrKeyFile):
		return exitFailed
	}
	switch core.CodeOf(err) {
	case core.CodeForbidden:
		return exitForbidden
	case core.CodeConflict, core.CodeBusy:
		return exitBusy
	default:
		return exitFailed
	}
}

func say(w io.Writer, line string) { _, _ = fmt.Fprintln(w, line) }

// flags makes a flag set that shows a command's help from the catalogue.
func flags(p text.Printer, name, help string, s streams) *flag.FlagSet {
	set := flag.NewFlagSet(name, flag.ContinueOnError)
	set.SetOutput(s.err)
	set.Usage = func() {
		say(s.out, p.T(help))
		set.SetOutput(s.out)
		set.PrintDefaults()
	}
	return set
}

// parse reads the flags and refuses further arguments.
func parse(p text.Printer, set *flag.FlagSet, args []string, s streams) error {
	if err := set.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return errUsage
	}
	if set.NArg() > 0 {
		say(s.err, p.T("command.argument", "name", safetext.Line(set.Arg(0))))
		return errUsage
	}
	return nil
}
