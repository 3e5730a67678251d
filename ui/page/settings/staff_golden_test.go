package settings_test

import (
	"image/color"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/operators"
	"willcall/ui/text"
	"willcall/ui/uitest"
)

// peopled is a house in which operators stand in every state.
func peopled(h *coretest.House) {
	enrol(h, h.Owner)
	enrol(h, h.Hire(core.RoleAdmin))
	h.Hire(core.RoleOperator)
	gone := h.Hire(core.RoleDeveloper)
	all, err := h.Operators.Staff(h.Ctx, h.Owner)
	h.Must(err)
	for _, m := range all.Members {
		if m.ID == gone.Actor.ID {
			h.Must(h.Operators.Disable(h.Ctx, h.Owner, m.ID, m.Version))
		}
	}
	invite := func(name, address string) {
		_, err := h.Operators.Invite(h.Ctx, h.Owner, operators.InviteDraft{
			Name: name, Address: address, Role: core.RoleOperator, Institutions: []core.ID{h.Made.Institution}, Language: "fr",
		})
		h.Must(err)
	}
	invite("Zoé Marti", "zoe@opera.example")
	h.Clock.Advance(4 * time.Minute)
	invite("Ada Vogt", "ada@opera.example")
}

// staffStates are what there is to see of the company and its operators.
func staffStates() map[string]func(*stage) {
	on := func(key string, keys ...string) func(*stage) {
		return func(st *stage) {
			name := key
			if strings.HasPrefix(key, "settings.") {
				name = st.words(key)
			}
			st.on(name)
			st.Press(keys...)
		}
	}
	return map[string]func(*stage){
		"company":          on("settings.company.general", "enter"),
		"company-form":     on("settings.company.general", "e", "tab"),
		"company-refused":  on("settings.company.general", "e", "tab", "space", "ctrl+s"),
		"company-plan":     on("settings.company.general", "e", "space", "ctrl+s"),
		"operators":        on("settings.operators", "enter"),
		"operator":         on("admin", "enter"),
		"operator-invited": on("Ada Vogt", "enter"),
		"operator-gone":    on("developer", "enter"),
		"operator-ask":     on("admin", "F"),
		"operator-new":     on("settings.operators", "n"),
		"operator-edit": func(st *stage) {
			st.on("operator")
			st.Press("e", "tab", "tab", "enter", "down", "enter")
		},
	}
}

func TestStaffScreens(t *testing.T) {
	t.Parallel()
	for name, play := range staffStates() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sheet := uitest.NewSheet("dark", "light")
			for _, look := range []struct {
				width, height int
				language      text.Language
			}{{120, 40, text.English}, {80, 24, text.English}, {40, 10, text.English}, {80, 24, text.French}} {
				st := build(t, core.RoleOwner, look.width, look.height, peopled)
				st.in.Language = string(look.language)
				st.words = st.Words.In(look.language).T
				st.Send(st.in)
				play(st)
				st.KeysAreClear()
				dark := st.Frame()
				st.Send(tea.BackgroundColorMsg{Color: color.White})
				if err := sheet.Add(dark, st.Frame()); err != nil {
					t.Fatal(err)
				}
			}
			sheet.Golden(t, name)
		})
	}
}
