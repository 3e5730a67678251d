package profile

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/theme"
)

// recovery is a set of recovery codes, shown this once (R82). It is forgotten on
// going on, and never written to a draft.
type recovery struct {
	codes  []string
	what   string // the catalogue key of what led to them
	kept   bool   // the box is ticked
	barred bool   // nothing else was open before them
	copies component.Copies

	box int // the line of the box, as last drawn
}

// renewed is the answer to renewing recovery codes, written to writing them to
// a file.
type (
	renewed struct{ codes []string }
	written struct {
		of   *recovery
		path string
	}
)

// renew makes new recovery codes; those there were are void.
func (p *Page) renew() tea.Cmd {
	p.busy = true
	return p.s.Do(p.Key(), 0, func(ctx context.Context, req core.Request) (any, error) {
		codes, err := p.service.RenewRecovery(ctx, req)
		return renewed{codes}, err
	})
}

func (p *Page) takeRenewed(done renewed, err error) tea.Cmd {
	p.busy = false
	p.answered()
	if err != nil {
		p.refuse(err)
		return p.Refresh()
	}
	return p.show(done.codes, "profile.codes.renewed")
}

// show has the page for the codes, until they are kept.
func (p *Page) show(codes []string, what string) tea.Cmd {
	barred := p.enrol != nil && p.enrol.barred
	p.enrol, p.prompt, p.said, p.passing = nil, nil, said{}, false
	p.codes = &recovery{codes: codes, what: what, barred: barred}
	p.enter(modeCodes)
	return p.Refresh()
}

func (p *Page) codesActions() []action.Action {
	t, c := p.s.Text, p.codes
	tick, unticked, elsewhere := "profile.codes.tick", t.T("profile.codes.unticked"), ""
	if c.kept {
		tick, unticked = "profile.codes.untick", ""
	}
	if p.keep == nil {
		elsewhere = t.T("profile.codes.elsewhere")
	}
	if p.busy {
		elsewhere = t.T("profile.busy")
	}
	write := action.Key("profile.codes.write", p.write, "w")
	write.Disabled = elsewhere
	on := action.Key("profile.codes.go-on", p.forgetCodes, "enter")
	on.Disabled = unticked
	all := []action.Action{
		write, action.Key("component.copy", func() tea.Cmd { return c.copies.Take(p.self(), p.copyableCodes()) }, "c"),
		action.Key(tick, p.tick, "space"), on,
	}
	return append(all, p.scroll.Actions()...)
}

func (p *Page) tick() tea.Cmd {
	p.codes.kept = !p.codes.kept
	return nil
}

func (p *Page) copyableCodes() []component.Copyable {
	return []component.Copyable{{What: p.s.Text.T("profile.codes"), Value: strings.Join(p.codes.codes, " ")}}
}

// forgetCodes goes on: to the work that waited for them, where any did. Neither
// the screen nor the page has the codes any more.
func (p *Page) forgetCodes() tea.Cmd {
	onward := p.codes.barred
	p.codes, p.said = nil, said{}
	p.list.Select(node{part: partApp}.row())
	p.enter(modeList)
	if onward {
		return tea.Batch(p.Refresh(), p.leavePage())
	}
	return p.Refresh()
}

// write puts the codes into a file of the operator's computer.
func (p *Page) write() tea.Cmd {
	t, c, keep := p.s.Text, p.codes, p.keep
	p.busy, p.said = true, said{}
	head := t.T("profile.codes.file", "address", p.ownAddress(), "time", t.Time(p.s.Now()))
	content := head + "\n\n" + strings.Join(c.codes, "\n") + "\n"
	return p.s.Do(p.Key(), 0, func(context.Context, core.Request) (any, error) {
		path, err := keep(content)
		return written{c, path}, err
	})
}

// ownAddress is the operator's, as far as it was read.
func (p *Page) ownAddress() string {
	if p.view == nil {
		return p.s.Address
	}
	return p.view.Address
}

func (p *Page) takeWritten(w written, err error) {
	p.busy = false
	if p.codes != w.of {
		return
	}
	w.of.copies = component.Copies{}
	p.said = said{text: p.s.Text.T("profile.codes.written", "path", w.path)}
	if err != nil {
		p.said = said{text: p.s.Text.T("profile.codes.not-written", "path", w.path), alarm: true}
	}
}

// codesScreen is the codes, and below them the box to tick.
func (p *Page) codesScreen(width, height int) []string {
	k, t, c := p.look(), p.s.Text, p.codes
	sign, token := k.Theme.Signs.Off, theme.Text
	if c.kept {
		sign, token = k.Theme.Signs.On, theme.Green
	}
	box := k.Line(width).Gap(2).Sign(token, sign, 3).Gap(1).Text(theme.Text, t.T("profile.codes.box")).String()
	foot := append(p.told(width), c.copies.Foot(k, p.self(), width)...)
	foot = append(foot[:min(len(foot), height/2)], box)
	lines := p.codeWords(width, height)
	if spare := height - len(lines) - len(foot); spare > 0 {
		lines = append(lines, k.Line(width).String())
	}
	above := min(len(lines), height-len(foot))
	p.scroll.Set(lines, width, above)
	c.box = above + len(foot) - 1
	drawn := append(p.scroll.Render(k), foot...)
	for len(drawn) < height {
		drawn = append(drawn, k.Line(width).String())
	}
	return drawn
}

// codeWords are the codes and what is to be known of them.
func (p *Page) codeWords(width, height int) []string {
	t, head := p.s.Text, p.look().Detail(width)
	if height > codesAiry {
		head.Title(t.T("profile.codes"), "").Blank().Bar(theme.Green, t.T(p.codes.what)).Blank()
	}
	words := p.look().Detail(width)
	if height > codesAiry {
		words.Blank()
	}
	words.Paragraph(theme.Text, t.T("profile.codes.what"))
	lines := append(head.Lines(0, head.Len()), p.codeLines(width)...)
	return append(lines, words.Lines(0, words.Len())...)
}

const (
	codeCells = 19 // of a recovery code
	codeGap   = 3
	codesAiry = 14 // lines from which there is room for words around the codes
)

// codeLines are the codes in two columns, the first half in the first.
func (p *Page) codeLines(width int) (lines []string) {
	k, codes := p.look(), p.codes.codes
	columns, gap := 2, codeGap
	if width < 2*codeCells+2*codeGap {
		gap = 1
	}
	rows := (len(codes) + columns - 1) / columns
	for y := range rows {
		line := k.Line(width)
		for at := y; at < len(codes); at += rows {
			line.Gap(gap).Cell(theme.Strong, codes[at], codeCells)
		}
		lines = append(lines, line.String())
	}
	return lines
}
