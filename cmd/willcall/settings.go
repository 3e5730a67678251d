package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"willcall/core"
	"willcall/core/venue"
)

func settingTwins() []twin {
	channel := []string{"name", "kind"}
	point := []string{"name", "channel", "state", "sender-name", "sender", "sign-in-url"}
	return []twin{
		{action: core.ActSettingsShow, run: showSettings},
		{
			action: core.ActInstitutionsEdit, run: editInstitution,
			flags: []string{"name", "language", "time-zone", "portal-url", "link-hours"},
		},
		{action: core.ActValidationSwitch, flags: []string{"on", "off"}, run: switchValidation},
		{action: core.ActOrganisationCreate, flags: []string{"name"}, run: saveOrganisation},
		{action: core.ActOrganisationEdit, args: []string{"NAME|ID"}, flags: []string{"name"}, run: saveOrganisation},
		{action: core.ActChannelsCreate, flags: channel, run: saveChannel},
		{action: core.ActChannelsEdit, args: []string{"NAME|ID"}, flags: channel, run: saveChannel},
		{action: core.ActPointsOfSaleCreate, flags: point, pick: true, run: savePointOfSale},
		{action: core.ActPointsOfSaleEdit, args: []string{"NAME|ID"}, flags: point, run: savePointOfSale},
		{action: core.ActDocumentsCreate, flags: documentFlags(), run: saveDocument},
		{action: core.ActDocumentsEdit, args: []string{"NAME|ID"}, flags: documentFlags(), run: saveDocument},
	}
}

// documentFlags has a subject and a body for every language; a saved document
// keeps its kind.
func documentFlags() []string {
	all := []string{"name", "kind", "active"}
	for _, language := range core.Languages() {
		all = append(all, "subject-"+language, "body-"+language)
	}
	return all
}

// settingsAnswer is the answer of "settings show".
type settingsAnswer struct {
	Institution   institutionAnswer `json:"institution"`
	MailServer    *serverAnswer     `json:"mail_server"`
	Organisations []namedAnswer     `json:"organisations"`
	SalesChannels []channelAnswer   `json:"sales_channels"`
	PointsOfSale  []pointAnswer     `json:"points_of_sale"`
	Documents     []documentAnswer  `json:"documents"`
}

type institutionAnswer struct {
	ID         core.ID `json:"id"`
	Name       string  `json:"name"`
	Language   string  `json:"language"`
	TimeZone   string  `json:"time_zone"`
	PortalURL  string  `json:"portal_url"`
	Validation bool    `json:"validation"`
	LinkHours  uint32  `json:"link_hours"`
}

type channelAnswer struct {
	namedAnswer
	Kind string `json:"kind"`
}

type pointAnswer struct {
	namedAnswer
	Organisation core.ID `json:"organisation"`
	Channel      core.ID `json:"sales_channel"`
	State        string  `json:"state"`
	SenderName   string  `json:"sender_name"`
	Sender       string  `json:"sender"`
	SignInURL    string  `json:"sign_in_url"`
}

type documentAnswer struct {
	namedAnswer
	Kind    string       `json:"kind"`
	Active  bool         `json:"active"`
	Edition uint32       `json:"edition"`
	Changed moment       `json:"changed"`
	By      string       `json:"changed_by"`
	Texts   []textAnswer `json:"texts"`
}

type textAnswer struct {
	Language string `json:"language"`
	Subject  string `json:"subject"`
	Body     string `json:"body"`
}

func showSettings(ctx context.Context, at *bench) (answer, error) {
	o, err := at.venue.Overview(ctx, at.req)
	if err != nil {
		return nil, err
	}
	server, err := at.servers.Show(ctx, at.req)
	if err != nil {
		return nil, err
	}
	i := o.Institution
	a := settingsAnswer{
		Institution:   institutionAnswer{at.req.Institution, i.Name, i.Language, i.TimeZone, i.PortalURL, i.Validation, i.LinkHours},
		Organisations: []namedAnswer{}, SalesChannels: []channelAnswer{}, PointsOfSale: []pointAnswer{}, Documents: []documentAnswer{},
	}
	if server.Set {
		a.MailServer = serverOf(server)
	}
	for _, org := range o.Organisations {
		a.Organisations = append(a.Organisations, namedAnswer{org.ID, org.Name})
	}
	for _, c := range o.Channels {
		a.SalesChannels = append(a.SalesChannels, channelAnswer{namedAnswer{c.ID, c.Name}, c.Kind.String()})
	}
	for _, p := range o.PointsOfSale {
		a.PointsOfSale = append(a.PointsOfSale, pointAnswer{
			namedAnswer{p.ID, p.Name}, p.Organisation, p.Channel, p.State.String(), p.SenderName, p.Sender, p.SignInURL,
		})
	}
	for _, d := range o.Documents {
		a.Documents = append(a.Documents, documentOf(d))
	}
	return a, nil
}

func documentOf(d venue.DocumentEntry) documentAnswer {
	a := documentAnswer{
		namedAnswer: namedAnswer{d.ID, d.Name}, Kind: d.Kind.String(), Active: d.Active,
		Edition: d.Edition, Changed: moment(d.Newest.At), By: d.Newest.By, Texts: []textAnswer{},
	}
	for _, t := range d.Newest.Texts {
		a.Texts = append(a.Texts, textAnswer(t))
	}
	return a
}

func (a settingsAnswer) rows() [][]string {
	i := a.Institution
	var all facts
	all.add("institution", numbered(namedAnswer{i.ID, i.Name}))
	all.add("language", i.Language)
	all.add("time zone", i.TimeZone)
	all.add("portal", i.PortalURL)
	all.add("validation", onOff(i.Validation))
	all.add("link hours", strconv.FormatUint(uint64(i.LinkHours), 10))
	all.add("mail server", a.MailServer.line())
	for _, o := range a.Organisations {
		all.add("organisation", numbered(o))
	}
	for _, c := range a.SalesChannels {
		all.add("sales channel", numbered(c.namedAnswer)+" ("+c.Kind+")")
	}
	for _, p := range a.PointsOfSale {
		all.add("point of sale", numbered(p.namedAnswer)+" ("+p.State+"), "+p.SenderName+" <"+p.Sender+">, "+p.SignInURL)
	}
	for _, d := range a.Documents {
		state := "inactive"
		if d.Active {
			state = "active"
		}
		all.add("document", fmt.Sprintf("%s (%s, %s, edition %d)", numbered(d.namedAnswer), d.Kind, state, d.Edition))
	}
	return all
}

func numbered(n namedAnswer) string { return strconv.FormatUint(uint64(n.ID), 10) + " " + n.Name }

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// done is the answer of commands that change a setting.
type done struct {
	Kind string  `json:"kind"`
	ID   core.ID `json:"id"`
	At   moment  `json:"at"`
}

func (d done) rows() [][]string {
	return [][]string{{d.Kind, strconv.FormatUint(uint64(d.ID), 10), "saved " + d.At.String()}}
}

func doneWith(r core.Receipt, err error) (answer, error) {
	if err != nil {
		return nil, err
	}
	return done{Kind: string(r.Subject.Kind), ID: r.Subject.ID, At: moment(r.At)}, nil
}

func editInstitution(ctx context.Context, at *bench) (answer, error) {
	o, err := at.venue.Overview(ctx, at.req)
	if err != nil {
		return nil, err
	}
	i := o.Institution
	draft := venue.InstitutionDraft{Name: i.Name, Language: i.Language, TimeZone: i.TimeZone, PortalURL: i.PortalURL, LinkHours: i.LinkHours}
	hours := int(i.LinkHours)
	if err := at.number("link-hours", &hours, venue.MinLinkHours, venue.MaxLinkHours); err != nil {
		return nil, err
	}
	draft.LinkHours = uint32(hours) //nolint:gosec // between the bounds just checked
	at.text("name", &draft.Name)
	at.text("language", &draft.Language)
	at.text("time-zone", &draft.TimeZone)
	at.text("portal-url", &draft.PortalURL)
	return doneWith(at.venue.SaveInstitution(ctx, at.req, o.InstitutionVersion, draft))
}

func switchValidation(ctx context.Context, at *bench) (answer, error) {
	if at.has("on") == at.has("off") {
		return nil, at.refuse("command.on-off")
	}
	o, err := at.venue.Overview(ctx, at.req)
	if err != nil {
		return nil, err
	}
	return doneWith(at.venue.SwitchValidation(ctx, at.req, o.InstitutionVersion, at.has("on")))
}

// edited finds what a command edits by its argument; without one it is a new
// one, and i is -1.
func (at *bench) edited(list []venue.Named) (i int, err error) {
	if len(at.args) == 0 {
		return -1, nil
	}
	id, ok := named(list, at.args[0])
	if !ok {
		return 0, core.Refuse(core.CodeNotFound)
	}
	return slices.IndexFunc(list, func(n venue.Named) bool { return n.ID == id }), nil
}

func saveOrganisation(ctx context.Context, at *bench) (answer, error) {
	o, err := at.venue.Overview(ctx, at.req)
	if err != nil {
		return nil, err
	}
	var now venue.OrganisationEntry
	i, err := at.edited(listOf(o.Organisations, func(e venue.OrganisationEntry) venue.Named { return venue.Named{ID: e.ID, Name: e.Name} }))
	if err != nil {
		return nil, err
	}
	if i >= 0 {
		now = o.Organisations[i]
	}
	at.text("name", &now.Name)
	return doneWith(at.venue.SaveOrganisation(ctx, at.req, now.ID, now.Version, now.Name))
}

// listOf names the entries of a list.
func listOf[T any](entries []T, name func(T) venue.Named) []venue.Named {
	all := make([]venue.Named, len(entries))
	for i, e := range entries {
		all[i] = name(e)
	}
	return all
}

func channelName(c venue.Channel) venue.Named { return venue.Named{ID: c.ID, Name: c.Name} }

func saveChannel(ctx context.Context, at *bench) (answer, error) {
	o, err := at.venue.Overview(ctx, at.req)
	if err != nil {
		return nil, err
	}
	var now venue.Channel
	i, err := at.edited(listOf(o.Channels, channelName))
	if err != nil {
		return nil, err
	}
	if i >= 0 {
		now = o.Channels[i]
	}
	at.text("name", &now.Name)
	if err := choose(at, "kind", &now.Kind, venue.ChannelKinds()); err != nil {
		return nil, err
	}
	return doneWith(at.venue.SaveChannel(ctx, at.req, now.ID, now.Version, now.SalesChannel))
}

func savePointOfSale(ctx context.Context, at *bench) (answer, error) {
	o, err := at.venue.Overview(ctx, at.req)
	if err != nil {
		return nil, err
	}
	now := venue.PointOfSaleEntry{PointOfSale: venue.PointOfSale{Organisation: at.req.Organisation, State: venue.StateSetUp}}
	i, err := at.edited(listOf(o.PointsOfSale, func(e venue.PointOfSaleEntry) venue.Named { return venue.Named{ID: e.ID, Name: e.Name} }))
	if err != nil {
		return nil, err
	}
	if i >= 0 {
		now = o.PointsOfSale[i]
	}
	d := venue.PointOfSaleDraft{
		Name: now.Name, Organisation: now.Organisation, Channel: now.Channel, State: now.State,
		SenderName: now.SenderName, Sender: now.Sender, SignInURL: now.SignInURL,
	}
	at.text("name", &d.Name)
	at.text("sender-name", &d.SenderName)
	at.text("sender", &d.Sender)
	at.text("sign-in-url", &d.SignInURL)
	if at.has("organisation") {
		d.Organisation = at.req.Organisation
	}
	if err := choose(at, "state", &d.State, venue.States()); err != nil {
		return nil, err
	}
	if at.has("channel") || i < 0 {
		if d.Channel, err = at.one("channel", listOf(o.Channels, channelName), len(o.Channels) == 1); err != nil {
			return nil, err
		}
	}
	return doneWith(at.venue.SavePointOfSale(ctx, at.req, now.ID, now.Version, d))
}

func saveDocument(ctx context.Context, at *bench) (answer, error) {
	o, err := at.venue.Overview(ctx, at.req)
	if err != nil {
		return nil, err
	}
	now := venue.DocumentEntry{Document: venue.Document{Kind: venue.DocumentVerification, Active: true}}
	i, err := at.edited(listOf(o.Documents, func(e venue.DocumentEntry) venue.Named { return venue.Named{ID: e.ID, Name: e.Name} }))
	if err != nil {
		return nil, err
	}
	if i >= 0 {
		now = o.Documents[i]
	}
	if i >= 0 && at.has("kind") {
		return nil, at.refuse("command.keeps-kind")
	}
	d := venue.DocumentDraft{Name: now.Name, Kind: now.Kind, Active: now.Active, Texts: slices.Clone(now.Newest.Texts)}
	at.text("name", &d.Name)
	if err := errors.Join(choose(at, "kind", &d.Kind, venue.DocumentKinds()), at.yesNo("active", &d.Active)); err != nil {
		return nil, err
	}
	if d.Texts, err = at.texts(d.Texts); err != nil {
		return nil, err
	}
	return doneWith(at.venue.SaveDocument(ctx, at.req, now.ID, now.Version, d))
}

// yesNo puts the value of a flag that takes yes or no into a field.
func (at *bench) yesNo(flag string, into *bool) error {
	switch {
	case !at.has(flag):
		return nil
	case at.value(flag) != "yes" && at.value(flag) != "no":
		return at.refuse("command.choice", "flag", flag, "choices", "yes, no")
	}
	*into = at.value(flag) == "yes"
	return nil
}

// texts puts subjects and the files of bodies into a document's texts.
func (at *bench) texts(texts []venue.Text) ([]venue.Text, error) {
	for _, language := range core.Languages() {
		if !at.has("subject-"+language) && !at.has("body-"+language) {
			continue
		}
		i := slices.IndexFunc(texts, func(t venue.Text) bool { return t.Language == language })
		if i < 0 {
			texts, i = append(texts, venue.Text{Language: language}), len(texts)
		}
		at.text("subject-"+language, &texts[i].Subject)
		if !at.has("body-" + language) {
			continue
		}
		body, err := at.read(at.value("body-" + language))
		if err != nil {
			return nil, err
		}
		texts[i].Body = body
	}
	return texts, nil
}
