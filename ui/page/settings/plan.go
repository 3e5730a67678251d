package settings

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/action"
	"willcall/ui/component"
)

// planning works out what saving a form would do.
type planning func(ctx context.Context, req core.Request) (agreement, error)

// agreement is what saving would do, shown before it is done; what is applied is
// what was shown.
type agreement struct {
	card  func(card *component.Detail)
	apply saving
}

// planned is the answer to a planning of what stands in from. met is what
// somebody else saved meanwhile, where that is why there is no plan.
type planned struct {
	form, from *form
	agreement
	met   saved
	again bool // what the plan before rested on changed
}

// startPlanning works out what saving from would do.
func (p *Page) startPlanning(f, from *form) tea.Cmd {
	f.busy, f.failed = true, nil
	plan := p.planOf(f, from)
	return p.s.Do(p.Key(), 0, func(ctx context.Context, req core.Request) (any, error) {
		return plan(ctx, req)
	})
}

func (p *Page) planOf(f, from *form) func(ctx context.Context, req core.Request) (planned, error) {
	plan, meet := from.plan(from), p.meeting(f)
	return func(ctx context.Context, req core.Request) (planned, error) {
		agreed, err := plan(ctx, req)
		done := planned{form: f, from: from, agreement: agreed, met: saved{form: f}}
		if core.CodeOf(err) == core.CodeConflict {
			done.met, err = meet(ctx, req, err)
		}
		return done, err
	}
}

// takePlanned shows what saving would do and asks, or says why it can't be. A
// form that was left meanwhile waits as it was typed.
func (p *Page) takePlanned(done planned, err error) tea.Cmd {
	f := done.form
	f.busy = false
	if err != nil {
		return p.notSaved(done.met, err)
	}
	if p.form != f {
		return nil
	}
	t := p.s.Text
	a := ask{
		text: t.T("settings.plan.ask"), leave: "settings.discard.leave",
		card: func(width int) *component.Detail {
			card := p.look().Detail(width)
			done.card(card)
			return card
		},
	}
	if done.again {
		a.text = t.T("settings.plan.again")
	}
	a.yes = action.Key("settings.save", func() tea.Cmd {
		p.enter(p.ask.over)
		return p.agree(done)
	}, "S")
	return p.pose(a)
}

// agree does what was shown. Where what it rests on changed meanwhile, what it
// would do now is shown anew.
func (p *Page) agree(done planned) tea.Cmd {
	f, from, apply := done.form, done.from, done.apply
	f.busy, f.failed = true, nil
	again := p.planOf(f, from)
	return p.s.Do(p.Key(), 0, func(ctx context.Context, req core.Request) (any, error) {
		receipt, err := apply(ctx, req)
		if core.CodeOf(err) == core.CodeConflict {
			now, err := again(ctx, req)
			now.again = true
			return now, err
		}
		return saved{Receipt: receipt, form: f, from: from}, err
	})
}
