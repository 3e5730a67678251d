package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/user"
	"slices"
	"strconv"
	"strings"
	"time"

	"willcall/core"
	"willcall/core/safetext"
	"willcall/core/venue"
	"willcall/ui/text"
)

// twin is a subcommand: it does one action of the table as a screen does, by
// the same use case. Its name is the action's id with dots as spaces.
type twin struct {
	action core.ActionID
	args   []string // what its arguments are called; one in brackets may be left out
	flags  []string // beside those of its scope
	// pick tells that it is about one organisation, which has to be named where
	// there are several.
	pick bool
	// scope is inPlace where nil.
	scope func() scope
	run   func(ctx context.Context, at *bench) (answer, error)
}

func twins() []twin {
	return slices.Concat(contactTwins(), settingTwins(), serverTwins(), companyTwins(), operatorTwins(), storageTwins(), doctorTwins())
}

// within is the command's scope.
func (t twin) within() scope {
	if t.scope == nil {
		return inPlace()
	}
	return t.scope()
}

// allFlags are the flags that the command takes.
func (t twin) allFlags() []string { return slices.Concat(t.flags, t.within().flags) }

// name is the command as it is typed.
func (t twin) name() string { return strings.ReplaceAll(string(t.action), ".", " ") }

// findTwin finds the command that arguments begin with. group tells that only
// the first word is one that commands begin with.
func findTwin(args []string) (found twin, rest []string, ok, group bool) {
	for _, t := range twins() {
		words := strings.Fields(t.name())
		group = group || words[0] == args[0]
		if len(args) >= len(words) && slices.Equal(args[:len(words)], words) {
			return t, args[len(words):], true, true
		}
	}
	return twin{}, nil, false, group
}

// bench is where a command works: an open folder, a place in it, and what was
// typed.
type bench struct {
	*house // nil where the folder is not opened
	p      text.Printer
	s      streams
	req    core.Request
	zone   *time.Location
	args   []string
	given  map[string][]string // the flags that were typed, with their values
}

// isSwitch reports flags without a value.
func isSwitch(name string) bool {
	return slices.Contains([]string{"json", "on", "off", "guest", "primary", "with-key", "dry-run", "repair", "password-stdin", "yes"}, name)
}

// collected is a flag that keeps all values it is given.
type collected struct {
	values *[]string
	plain  bool // without a value
}

// String implements [flag.Value]: the last value.
func (c collected) String() string {
	if c.values == nil || len(*c.values) == 0 {
		return ""
	}
	return (*c.values)[len(*c.values)-1]
}

// Set implements [flag.Value].
func (c collected) Set(s string) error {
	*c.values = append(*c.values, s)
	return nil
}

// IsBoolFlag tells package flag that no value follows.
func (c collected) IsBoolFlag() bool { return c.plain }

// runTwin reads what was typed, opens the folder and prints the answer.
func runTwin(ctx context.Context, t twin, p text.Printer, typed []string, s streams) (err error) {
	at := &bench{p: p, s: s, given: map[string][]string{}}
	set := flags("willcall " + t.name())
	values := map[string]*[]string{}
	for _, name := range t.allFlags() {
		values[name] = &[]string{}
		set.Var(collected{values[name], isSwitch(name)}, name, flagText(p, t, name))
	}
	if at.args, err = parseMixed(p, set, t, typed, s); err != nil {
		return err
	}
	for name, list := range values {
		if len(*list) > 0 {
			at.given[name] = *list
		}
	}
	defer func() {
		if ctx.Err() != nil && errors.Is(err, context.Canceled) {
			say(s.err, p.T("command.failed", "error", cancelled(p, t)))
		}
		err = placedIn(at.zone, inFlags(set, err))
	}()
	if err := t.within().open(ctx, at, t); err != nil {
		return err
	}
	if at.house != nil {
		defer func() { err = errors.Join(err, at.close()) }()
	}
	a, err := t.run(ctx, at)
	if a != nil {
		err = errors.Join(err, printAnswer(s.out, a, at.has("json")))
	}
	return err
}

// cancelled says what a command that was broken off leaves.
func cancelled(p text.Printer, t twin) string {
	if own := "command.cancelled." + string(t.action); p.Has(own) {
		return p.T(own)
	}
	return p.T("command.cancelled")
}

// flagText says what a flag of a command is. Those of a text in a language share
// a sentence, and so do those of one name, unless a command has one of its own.
func flagText(p text.Printer, t twin, name string) string {
	if own := "command.flag." + string(t.action) + "." + name; p.Has(own) {
		return p.T(own)
	}
	for _, stem := range []string{"subject", "body"} {
		if language, ok := strings.CutPrefix(name, stem+"-"); ok {
			return p.T("command.flag."+stem, "language", p.T("words.language."+language))
		}
	}
	return p.T("command.flag." + name)
}

// parseMixed reads flags and arguments in any order.
func parseMixed(p text.Printer, set *flag.FlagSet, t twin, typed []string, s streams) (args []string, err error) {
	for {
		err := set.Parse(typed)
		switch {
		case errors.Is(err, flag.ErrHelp):
			say(s.out, usage(p, t)+"\n")
			set.SetOutput(s.out)
			set.PrintDefaults()
			return nil, err
		case err != nil:
			say(s.err, p.T("command.usage", "error", safetext.Line(misused(p, err)), "command", t.name()+" "))
			return nil, errUsage
		case set.NArg() == 0:
			return args, errors.Join(t.checkArgs(p, args, s), refuseEmpty(p, set, s))
		}
		args, typed = append(args, set.Arg(0)), set.Args()[1:]
	}
}

// checkArgs refuses arguments too many, and missing ones by their name.
func (t twin) checkArgs(p text.Printer, args []string, s streams) error {
	if len(args) > len(t.args) {
		say(s.err, p.T("command.argument", "name", safetext.Line(args[len(t.args)]), "command", t.name()+" "))
		return errUsage
	}
	if len(args) < len(t.args) && !strings.HasPrefix(t.args[len(args)], "[") {
		say(s.err, p.T("command.missing", "name", t.args[len(args)], "command", t.name()))
		return errUsage
	}
	return nil
}

// usage is a command's line of help: how it is called, and what it does.
func usage(p text.Printer, t twin) string {
	call := strings.Join(append([]string{"willcall", t.name()}, t.args...), " ")
	return call + ": " + p.T("command.of."+string(t.action))
}

// overview lists the commands that begin with the words that were typed, as far
// as there are any.
func overview(p text.Printer, typed []string) string {
	first := typed[0] + " "
	for _, word := range typed[1:] {
		next := first + word + " "
		if !slices.ContainsFunc(twins(), func(t twin) bool { return strings.HasPrefix(t.name(), next) }) {
			break
		}
		first = next
	}
	var rows [][]string
	for _, t := range twins() {
		if strings.HasPrefix(t.name(), first) {
			call := strings.Join(append([]string{"willcall", t.name()}, t.args...), " ")
			rows = append(rows, []string{call, p.T("command.of." + string(t.action))})
		}
	}
	return strings.TrimSuffix(columns(rows), "\n")
}

// has reports whether a flag was typed; value is the last one typed.
func (at *bench) has(flag string) bool { return len(at.given[flag]) > 0 }

func (at *bench) value(flag string) string {
	if list := at.given[flag]; len(list) > 0 {
		return list[len(list)-1]
	}
	return ""
}

// changes refuses a command that was given none of the flags by which it changes
// something: it would say that it is done.
func (at *bench) changes(flags ...string) error {
	if slices.ContainsFunc(flags, at.has) {
		return nil
	}
	return at.refuse("command.nothing", "flags", "--"+strings.Join(flags, ", --"))
}

// text puts a flag's value into a field where it was typed.
func (at *bench) text(flag string, into *string) {
	if at.has(flag) {
		*into = at.value(flag)
	}
}

// number puts a flag's whole number into a field, from least to most.
func (at *bench) number(flag string, into *int, least, most int) error {
	if !at.has(flag) {
		return nil
	}
	n, err := strconv.Atoi(at.value(flag))
	if err != nil || n < least || n > most {
		return at.refuse("command.number", "flag", flag, "min", at.p.Number(least), "max", at.p.Number(most))
	}
	*into = n
	return nil
}

// choose puts the value that a flag names into a field.
func choose[T fmt.Stringer](at *bench, flag string, into *T, all []T) error {
	if !at.has(flag) {
		return nil
	}
	names := make([]string, len(all))
	for i, one := range all {
		if names[i] = one.String(); names[i] == at.value(flag) {
			*into = one
			return nil
		}
	}
	return at.refuse("command.choice", "flag", flag, "choices", strings.Join(names, ", "))
}

// refuse tells of a wrong call.
func (at *bench) refuse(key string, pairs ...string) error {
	for i := 1; i < len(pairs); i += 2 {
		pairs[i] = safetext.Line(pairs[i])
	}
	say(at.s.err, at.p.T("command.failed", "error", at.p.T(key, pairs...)))
	return errUsage
}

// localName is what the journal calls who runs a command.
func localName() string {
	who, err := user.Current()
	if err != nil {
		return fmt.Sprintf("local:%d", os.Getuid())
	}
	return "local:" + core.CleanLine(who.Username)
}

// places are all institutions with their organisations.
func (at *bench) places(ctx context.Context) ([]venue.Place, error) {
	var ids []core.ID
	err := at.store.View(ctx, func(v core.View) error {
		ids = nil
		return venue.Institutions().Ascend(v, core.Installation, 0, func(id core.ID, _ core.Version, _ venue.Institution) error {
			ids = append(ids, id)
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("list the institutions: %w", err)
	}
	if len(ids) == 0 {
		return nil, &hint{key: "command.no-institution", err: errors.New(at.dir)}
	}
	return at.venue.Places(ctx, at.req, ids)
}

// settle finds the place that the command is about.
func (at *bench) settle(ctx context.Context, t twin) error {
	places, err := at.places(ctx)
	if err != nil {
		return err
	}
	named := make([]venue.Named, len(places))
	for i, p := range places {
		named[i] = venue.Named{ID: p.ID, Name: p.Name}
	}
	if at.req.Institution, err = at.one("institution", named, len(named) == 1); err != nil {
		return err
	}
	here := places[slices.IndexFunc(places, func(p venue.Place) bool { return p.ID == at.req.Institution })]
	if at.zone, err = time.LoadLocation(here.TimeZone); err != nil {
		return fmt.Errorf("load the time zone of %s: %w", here.Name, err)
	}
	at.req.Organisation, err = at.one("organisation", here.Organisations, len(here.Organisations) == 1 || !t.pick)
	return err
}

// one finds what a flag names, by name or number; without the flag the first
// of a list will do where free.
func (at *bench) one(flag string, list []venue.Named, free bool) (core.ID, error) {
	if !at.has(flag) && free {
		if len(list) == 0 {
			return 0, nil
		}
		return list[0].ID, nil
	}
	if id, ok := named(list, at.value(flag)); ok && at.has(flag) {
		return id, nil
	}
	return 0, at.refuse("command.choice", "flag", flag, "choices", choices(list))
}

// named finds an entry by its name or number.
func named(list []venue.Named, wanted string) (core.ID, bool) {
	for _, n := range list {
		if n.Name == wanted || strconv.FormatUint(uint64(n.ID), 10) == wanted {
			return n.ID, true
		}
	}
	return 0, false
}
