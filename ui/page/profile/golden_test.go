package profile_test

import (
	"image/color"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/ui/session"
	"willcall/ui/uitest"
)

// lived has an app with few recovery codes left, a validated address, a device
// and a session elsewhere.
func lived(st *stage) {
	st.t.Helper()
	h := st.house
	h.Validate(h.Owner)
	_, err := h.Operators.Begin(h.Ctx, h.Terminal(5), coretest.OwnerAddress, coretest.Password)
	h.Must(err)
	app := h.Enrol(h.Owner)
	for _, code := range app.Recovery[:7] {
		attempt := h.Begin(coretest.Local(), coretest.OwnerAddress, coretest.Password)
		in, err := h.Operators.Answer(h.Ctx, coretest.Local(), attempt, answerOf(code))
		h.Must(err)
		st.req = h.Request(in)
		h.Clock.Advance(40 * time.Minute)
	}
}

func nothing(*stage) {}

// at goes to a line of the list and presses keys there. It is found by its first
// letters, which every window shows.
func at(line string, keys ...string) func(*stage) {
	return func(st *stage) {
		st.on(line)
		st.Press(keys...)
	}
}

func TestProfileGoldens(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before func(*stage)
		play   func(*stage)
	}{
		"list":          {lived, at("Name")},
		"name":          {nothing, at("Name", "e")},
		"address":       {nothing, at("Address", "enter")},
		"address-code":  {nothing, at("Address", "v")},
		"app":           {lived, at("Authenticator", "enter")},
		"app-disable":   {lived, func(st *stage) { st.proven(); at("Authenticator", "R")(st) }},
		"app-disabled":  {lived, func(st *stage) { st.proven(); at("Authenticator", "R", "R")(st) }},
		"enrol":         {nothing, at("Authenticator", "n")},
		"enrol-copied":  {nothing, at("Authenticator", "n", "c")},
		"enrol-refused": {nothing, func(st *stage) { at("Authenticator", "n")(st); st.Type("000000"); st.Press("enter") }},
		"enrol-long": {func(st *stage) {
			st.req = st.house.HireAt(core.RoleAdmin, strings.Repeat("marie", 12)+"@opera-du-lac.example")
		}, at("Authenticator", "n")},
		"wall":          {walled, nothing},
		"codes":         {nothing, (*stage).link},
		"codes-written": {nothing, func(st *stage) { st.link(); st.Press("w", "space") }},
		"mailed":        {nothing, at("Mailed", "enter")},
		"password":      {nothing, at("Password", "e")},
		"device":        {lived, at("box office", "enter", "R")},
		"session":       {nothing, at("since", "enter")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sheet := uitest.NewSheet("dark", "light")
			st := build(t, 120, 40, c.before)
			c.play(st)
			both(t, sheet, st)
			for _, size := range [][2]int{{40, 10}, {80, 24}} {
				st.Resize(size[0], size[1])
				both(t, sheet, st)
			}
			st.Send(session.Speak{Language: "fr"})
			both(t, sheet, st)
			sheet.Golden(t, name)
		})
	}
}

// proven has the operator prove once more who they are.
func (st *stage) proven() {
	st.t.Helper()
	st.house.Must(st.house.Operators.StepUp(st.t.Context(), st.req, coretest.Local(), coretest.Password))
}

// both adds what the stage shows, dark and light.
func both(t *testing.T, sheet *uitest.Sheet, st *stage) {
	t.Helper()
	st.Send(tea.BackgroundColorMsg{Color: color.Black})
	dark := st.Frame()
	st.Send(tea.BackgroundColorMsg{Color: color.White})
	if err := sheet.Add(dark, st.Frame()); err != nil {
		t.Fatal(err)
	}
}
