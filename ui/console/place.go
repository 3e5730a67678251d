package console

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/action"
	"willcall/ui/session"
)

// Place is an institution that an operator may work in, with its organisations
// (R87).
type Place struct {
	ID            core.ID
	Name          string         // untrusted
	Location      *time.Location // its time zone
	Organisations []Organisation // in the order to offer them
}

// Organisation is one of an institution.
type Organisation struct {
	ID   core.ID
	Name string // untrusted
}

// spot is what can be switched to: an organisation of an institution.
type spot struct {
	place        *Place
	organisation Organisation
}

// keySwitch opens the list of places.
const keySwitch = "o"

// spots lists what can be switched to, in the order of the places.
func spots(places []Place) []spot {
	var all []spot
	for i := range places {
		for _, o := range places[i].Organisations {
			all = append(all, spot{&places[i], o})
		}
	}
	return all
}

// here reports whether the session works there now.
func (r *Root) here(s spot) bool {
	return s.place.ID == r.s.Request.Institution && s.organisation.ID == r.s.Request.Organisation
}

// placesRead is the answer to where the operator may work.
type placesRead struct {
	session core.ID
	stay    uint64
	places  []Place
	err     error
}

// readPlaces asks where the operator may work.
func (r *Root) readPlaces() tea.Cmd {
	if r.cfg.Places == nil || r.s.Walled {
		return nil
	}
	ctx, req, stay, ask := r.s.Ctx, r.s.Request, r.s.Stay, r.cfg.Places
	institutions := slices.Clone(r.s.Institutions)
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, session.Timeout)
		defer cancel()
		places, err := ask(ctx, req, institutions)
		return placesRead{session: req.Session, stay: stay, places: places, err: err}
	}
}

// takePlaces keeps the places, and what was renamed of the present one. Where
// they can't be read those known before stay: switching reads again.
func (r *Root) takePlaces(msg placesRead) tea.Cmd {
	if msg.session != r.s.Request.Session || msg.stay != r.s.Stay || !r.s.SignedIn() {
		return nil
	}
	open, _ := r.dialog.(*switchDialog)
	if msg.err != nil {
		if open != nil {
			r.refuse(r.s.Text.Error(msg.err))
		}
		return nil
	}
	r.places = msg.places
	for _, s := range spots(r.places) {
		if r.here(s) {
			r.adopt(s)
		}
	}
	if open != nil {
		open.fill()
	}
	return nil
}

// adopt takes the names and the time zone of where the session works.
func (r *Root) adopt(s spot) {
	r.s.Institution, r.s.Organisation = s.place.Name, s.organisation.Name
	if s.place.Location != nil {
		r.s.Location = s.place.Location
	}
	r.s.Text = r.s.Text.InZone(r.s.Location)
}

// switching is the action that opens the list of places.
func (r *Root) switching() action.Action {
	return action.Action{ID: core.ActSessionSwitch, Label: "console.switch", Keys: []string{keySwitch}, Run: r.openSwitch}
}

// switchable reports whether there is more than one place: with one only there
// is nothing to switch to.
func (r *Root) switchable() bool {
	return r.s.SignedIn() && r.cfg.Switch != nil && len(spots(r.places)) > 1
}

// join adds an institution to those that the operator may work in.
func (r *Root) join(institution core.ID) tea.Cmd {
	if !slices.Contains(r.s.Institutions, institution) {
		r.s.Institutions = append(slices.Clone(r.s.Institutions), institution)
	}
	return r.readPlaces()
}

// switched is the answer to a switch.
type switched struct {
	session core.ID
	stay    uint64
	to      spot
	then    session.Go
	err     error
}

// switchFor moves the session to where something is, and then shows that.
func (r *Root) switchFor(to session.Go) tea.Cmd {
	for _, s := range spots(r.places) {
		if s.place.ID == to.Institution {
			return r.switchTo(&switchDialog{root: r, then: to}, s)
		}
	}
	r.refuse(r.s.Text.Error(core.Refuse(core.CodeNotFound)))
	return nil
}

// switchTo moves the session, once nothing typed or under way would be lost.
func (r *Root) switchTo(d *switchDialog, to spot) tea.Cmd {
	return r.losing("switch", "O", func() tea.Cmd { return r.move(d, to) })
}

// move asks the core to move the session. Until the answer is there the list of
// places stays in front, so that nothing is typed that would be lost.
func (r *Root) move(d *switchDialog, to spot) tea.Cmd {
	d.busy = true
	ctx, req, stay, ask := r.s.Ctx, r.s.Request, r.s.Stay, r.cfg.Switch
	return tea.Batch(r.show(d), func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, session.Timeout)
		defer cancel()
		err := ask(ctx, req, to.place.ID, to.organisation.ID)
		return switched{session: req.Session, stay: stay, to: to, then: d.then, err: err}
	})
}

// takeSwitched works in the new place from here on: no page, no answer and no
// event of the one before is left (R87). The same tab stays in front.
func (r *Root) takeSwitched(msg switched) tea.Cmd {
	if msg.session != r.s.Request.Session || msg.stay != r.s.Stay || !r.s.SignedIn() {
		return nil
	}
	if cmd, taken := r.barred(msg.err); taken {
		return cmd
	}
	if msg.err != nil {
		r.refuse(r.s.Text.Error(msg.err))
		return r.dismiss()
	}
	r.s.Request.Institution, r.s.Request.Organisation = msg.to.place.ID, msg.to.organisation.ID
	r.s.Stay++
	r.adopt(msg.to)
	r.forget()
	open := r.open(r.front, core.Ref{})
	if msg.then.Page != "" {
		open = tea.Batch(open, r.travel(msg.then))
	}
	return tea.Batch(open, r.listen(msg.to.place.ID), r.readPlaces())
}
