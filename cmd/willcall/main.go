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
	"slices"
	"strconv"
	"strings"
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
	outliveFileSizeLimit()
	// A closed terminal window hangs up: even then the demo's folder goes.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
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

// command is one subcommand that is no [twin].
type command struct {
	name string
	run  func(ctx context.Context, p text.Printer, args []string, s streams) error
}

func commands() []command {
	return []command{{"demo", runDemo}}
}

// run finds the command, runs it, and turns its error into a line and a code.
func run(ctx context.Context, args []string, s streams) int {
	words, err := text.Load()
	if err != nil {
		_, _ = fmt.Fprintln(s.err, err)
		return exitInternal
	}
	p := words.In(text.English)
	return report(ctx, p, s, dispatch(ctx, p, args, s))
}

// dispatch runs the command that the arguments begin with.
func dispatch(ctx context.Context, p text.Printer, args []string, s streams) error {
	if len(args) == 0 || args[0] == "" || args[0][0] == '-' {
		return runConsole(ctx, p, args, s)
	}
	for _, c := range commands() {
		if c.name == args[0] {
			return c.run(ctx, p, args[1:], s)
		}
	}
	t, rest, ok, group := findTwin(args)
	switch {
	case ok:
		return runTwin(ctx, t, p, rest, s)
	case group && slices.ContainsFunc(args[1:], isHelp):
		say(s.out, overview(p, args))
		return nil
	}
	of := "" // whose help says more
	if group {
		of = args[0] + " "
	}
	if group && len(args) == 1 {
		say(s.err, p.T("command.missing", "name", p.T("command.word"), "command", args[0]))
		return errUsage
	}
	name := strings.Join(args[:min(len(args), 3)], " ")
	say(s.err, p.T("command.unknown", "name", safetext.Line(name), "group", of))
	return errUsage
}

func isHelp(arg string) bool { return arg == "--help" || arg == "-help" || arg == "-h" }

// report says what went wrong, and gives the exit code.
func report(ctx context.Context, p text.Printer, s streams, err error) int {
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitDone
	case errors.Is(err, errUsage):
		return exitUsage
	case errors.Is(err, errGivenUp):
		say(s.err, p.T("command.failed", "error", p.T("command.cancelled")))
		return exitCancelled
	case ctx.Err() != nil && (err == nil || errors.Is(err, context.Canceled)):
		return exitCancelled
	case err == nil:
		return exitDone
	}
	var typed *flagError
	if errors.As(err, &typed) {
		for _, line := range typed.lines(p) {
			say(s.err, p.T("command.failed", "error", safetext.Line(line)))
		}
		return exitUsage
	}
	say(s.err, p.T("command.failed", "error", safetext.Line(explain(p, err))))
	return codeOf(err)
}

// explain prefers the catalogue's sentence to an error's own words.
func explain(p text.Printer, err error) string {
	var locked *storage.LockedError
	var refused *storage.Refusal
	var said *hint
	var here *placed
	if errors.As(err, &here) {
		p = p.InZone(here.zone)
	}
	switch {
	case errors.As(err, &refused):
		return refusedText(p, refused)
	case errors.As(err, &said) && errors.As(said.err, &locked):
		return p.T(said.key, "error", inUse(p, locked))
	case errors.As(err, &said):
		return p.T(said.key, "error", said.err.Error())
	case errors.As(err, &locked):
		return p.T("command.locked.end", "error", inUse(p, locked))
	case core.CodeOf(err) != core.CodeInternal:
		return p.Error(err)
	}
	return err.Error()
}

// inUse names the process that has a data folder open, where it left its name.
func inUse(p text.Printer, locked *storage.LockedError) string {
	if locked.Holder.PID == 0 {
		return p.T("command.locked", "file", locked.Path)
	}
	since := locked.Holder.Started.Local()
	return p.T("command.locked.by", "file", locked.Path, "pid", strconv.Itoa(locked.Holder.PID),
		"time", p.Time(since), "zone", since.Format("MST"))
}

// codeOf is the exit code of an error. A defect of ours names itself; what is
// no [core.Error] came from outside, such as a disk.
func codeOf(err error) int {
	code := core.CodeOf(err)
	var defect *core.Error
	switch {
	case errors.As(err, &defect) && code == core.CodeInternal:
		return exitInternal
	case errors.Is(err, storage.ErrLocked), code == core.CodeConflict, code == core.CodeBusy:
		return exitBusy
	case code == core.CodeForbidden:
		return exitForbidden
	case errors.Is(err, errInPart):
		return exitPart
	}
	return exitFailed
}

func say(w io.Writer, line string) { _, _ = fmt.Fprintln(w, line) }

// flags makes a flag set that says nothing by itself: its errors hold arguments
// as they were typed.
func flags(name string) *flag.FlagSet {
	set := flag.NewFlagSet(name, flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.Usage = func() {}
	return set
}

// parse reads the flags and refuses further arguments. Where help is asked for
// it shows the one that has this key, with the flags.
func parse(p text.Printer, set *flag.FlagSet, help string, args []string, s streams) error {
	err := set.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		say(s.out, p.T(help))
		set.SetOutput(s.out)
		set.PrintDefaults()
		return err
	case err != nil:
		say(s.err, p.T("command.usage", "error", safetext.Line(misused(p, err)), "command", ""))
		return errUsage
	case set.NArg() > 0:
		say(s.err, p.T("command.argument", "name", safetext.Line(set.Arg(0)), "command", ""))
		return errUsage
	}
	return refuseEmpty(p, set, s)
}

// misused puts what package flag says of a wrong call into the program's words,
// where it is about a flag's name.
func misused(p text.Printer, err error) string {
	for begins, key := range map[string]string{
		"flag provided but not defined: -": "command.no-flag", "flag needs an argument: -": "command.no-value",
	} {
		if name, ok := strings.CutPrefix(err.Error(), begins); ok {
			return p.T(key, "flag", name)
		}
	}
	return err.Error()
}

// refuseEmpty refuses a file or folder that was named and has no name: it would
// be the folder that the program runs in.
func refuseEmpty(p text.Printer, set *flag.FlagSet, s streams) (err error) {
	set.Visit(func(f *flag.Flag) {
		named := f.Name == "data" || f.Name == "key" || f.Name == "to"
		if err == nil && named && f.Value.String() == "" {
			say(s.err, p.T("command.failed", "error", p.T("command.empty", "flag", f.Name)))
			err = errUsage
		}
	})
	return err
}
