package settings

import (
	"context"
	"slices"
	"strconv"

	"willcall/core"
	"willcall/core/operators"
	"willcall/ui/component"
)

// The fields of an operator's form. Each institution has a toggle of its own,
// named by its number.
const (
	fieldRole         = "role"
	fieldInstitutions = "institutions"
	fieldInstitution  = "institution."
)

// memberSheet is what the form of an operator, or of somebody to invite, is made
// of.
func (p *Page) memberSheet(v *reading, id core.ID) sheet {
	m, found := memberOf(v, id)
	if !found {
		m.Role, m.Institutions, m.Language = core.RoleOperator, []core.ID{p.s.Request.Institution}, v.Institution.Language
	}
	fixed := p.fixedPlaces(v, m.Institutions)
	s := sheet{
		title: p.titleOf(found, m.Name, core.ActOperatorInvite), fields: p.memberFields(v, found),
		values: map[string]string{"name": m.Name, "address": m.Address, fieldRole: m.Role.String(), "language": m.Language},
	}
	for _, e := range v.places {
		s.values[fieldInstitution+optionKey(e.ID)] = strconv.FormatBool(slices.Contains(m.Institutions, e.ID))
	}
	draft := func(f *form) operators.EditDraft {
		return operators.EditDraft{
			Name: f.Value("name"), Address: f.Value("address"), Role: roleOf(f.Value(fieldRole)),
			Institutions: append(slices.Clone(fixed), chosenPlaces(v, f)...),
		}
	}
	s.note = func(f *form) (string, bool) { return p.inviteNote(v, f), false }
	s.save = func(f *form) saving { return p.invite(draft(f), f.Value("language"), f) }
	if found {
		s.note = func(f *form) (string, bool) { return p.memberNoteOf(m, f) }
		s.save = func(f *form) saving { return p.editMember(m, draft(f), f) }
		return s
	}
	s.does, s.saved = "action."+string(core.ActOperatorInvite), p.s.Text.T("settings.operator.invited"+p.posted(true))
	return s
}

// fixedPlaces are institutions of an operator that the asker doesn't work in and
// that stay (R87); where there is a single one to choose from, nothing is asked.
func (p *Page) fixedPlaces(v *reading, institutions []core.ID) (fixed []core.ID) {
	for _, id := range institutions {
		if _, ok := placeOf(v, id); !ok {
			fixed = append(fixed, id)
		}
	}
	return fixed
}

// chosenPlaces are the institutions switched on in the form; where there is one
// only, there is no choice.
func chosenPlaces(v *reading, f *form) (chosen []core.ID) {
	for _, e := range v.places {
		if len(v.places) == 1 || f.On(fieldInstitution+optionKey(e.ID)) {
			chosen = append(chosen, e.ID)
		}
	}
	return chosen
}

func roleOf(key string) core.Role {
	for r := core.RoleDeveloper; r <= core.RoleOwner; r++ {
		if r.String() == key {
			return r
		}
	}
	return core.RoleNone
}

// givenRoles are those that the asker may give: an admin those below the own
// (R86).
func (p *Page) givenRoles() (all []core.Role) {
	for r := core.RoleDeveloper; r <= core.RoleOwner; r++ {
		if r < p.s.Role || p.s.Role == core.RoleOwner {
			all = append(all, r)
		}
	}
	return all
}

func (p *Page) memberFields(v *reading, found bool) []component.Field {
	t := p.s.Text
	name, address := p.field("name", component.FieldText), p.addressField("address")
	name.Hint = t.T("settings.operator.name.hint")
	address.Label, address.Hint = t.T("settings.operator.address"), t.T("settings.operator.address.hint")
	role := p.field(fieldRole, component.FieldChoice)
	for _, r := range p.givenRoles() {
		role.Options = append(role.Options, component.Option{Key: r.String(), Label: p.role(r)})
	}
	fields := []component.Field{name, address, role}
	if !found {
		language := p.field("language", component.FieldChoice)
		language.Hint = t.T("settings.operator.language.hint")
		for _, l := range core.Languages() {
			language.Options = append(language.Options, component.Option{Key: l, Label: t.T("words.language." + l)})
		}
		fields = append(fields, language)
	}
	if len(v.places) < 2 {
		return fields
	}
	fields = append(fields, component.Field{Kind: component.FieldHeading, Label: t.T("settings.operator.institutions")})
	for _, e := range v.places {
		fields = append(fields, component.Field{
			Name: fieldInstitution + optionKey(e.ID), Kind: component.FieldToggle, Label: e.Name,
		})
	}
	return fields
}

// inviteNote says what inviting does.
func (p *Page) inviteNote(v *reading, f *form) string {
	key := "settings.note.operator.invite"
	if p.s.Captured {
		key = "settings.note.operator.invite.captured"
	}
	if v.staff.Company.Required {
		return p.s.Text.T(key, "role", p.role(roleOf(f.Value(fieldRole)))) + " " + p.s.Text.T("settings.note.operator.enrol")
	}
	return p.s.Text.T(key, "role", p.role(roleOf(f.Value(fieldRole))))
}

// memberNoteOf says what saving does to an operator's sessions and mail.
func (p *Page) memberNoteOf(m operators.Member, f *form) (text string, alarm bool) {
	address, err := core.CanonicalAddress(f.Value("address"))
	switch {
	case m.Pending && (err != nil || address != m.Address):
		return p.s.Text.T("settings.note.operator.invited"), true
	case err != nil || address != m.Address:
		return p.s.Text.T("settings.note.operator.address"), true
	case roleOf(f.Value(fieldRole)) != m.Role:
		return p.s.Text.T("settings.note.operator.role"), true
	}
	return p.s.Text.T("settings.note.operator"), false
}

func (p *Page) invite(d operators.EditDraft, language string, f *form) saving {
	at, first := p.s.Clock.Effective(), firstPlace(f)
	draft := operators.InviteDraft{Name: d.Name, Address: d.Address, Role: d.Role, Institutions: d.Institutions, Language: language}
	return func(ctx context.Context, req core.Request) (core.Receipt, error) {
		id, err := p.people.Invite(ctx, req, draft)
		return core.Receipt{Subject: core.Ref{Kind: core.KindOperator, ID: id}, At: at}, atPlace(first, err)
	}
}

func (p *Page) editMember(m operators.Member, d operators.EditDraft, f *form) saving {
	at, first := p.s.Clock.Effective(), firstPlace(f)
	return func(ctx context.Context, req core.Request) (core.Receipt, error) {
		err := p.people.Edit(ctx, req, m.ID, m.Version, d)
		return core.Receipt{Subject: core.Ref{Kind: core.KindOperator, ID: m.ID}, At: at}, atPlace(first, err)
	}
}

// firstPlace is the field of the first institution, where what is wrong with all
// of them is told.
func firstPlace(f *form) string {
	for _, field := range f.fields {
		if field.Kind == component.FieldToggle {
			return field.Name
		}
	}
	return fieldInstitutions
}

// atPlace tells what is wrong with the institutions at the field first.
func atPlace(first string, err error) error {
	return atFields(err, func(refusal *core.Error) string {
		if refusal.Field == fieldInstitutions {
			return first
		}
		return refusal.Field
	})
}
