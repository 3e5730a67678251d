package venue

import (
	"context"
	"strconv"
	"strings"

	"willcall/core"
	"willcall/core/record"
)

// The life of a validation link in hours (R11).
const (
	DefaultLinkHours = 24
	MinLinkHours     = 1
	MaxLinkHours     = 168
)

// InstitutionDraft is what a form says of an institution.
type InstitutionDraft struct {
	Name      string
	Language  string
	TimeZone  string
	PortalURL string
	// Moving tells that the institution moves over from an older system: a new
	// one begins with validation off then (R3). A saved one keeps its switch.
	Moving bool
	// LinkHours is how long a validation link lives, from [MinLinkHours] to
	// [MaxLinkHours]. 0 gives a new institution [DefaultLinkHours].
	LinkHours uint32
}

// check refuses a draft by the fields "name", "language", "time-zone",
// "portal-url" and "link-hours".
func (d InstitutionDraft) check() error {
	var fields core.Fields
	fields.Add("name", core.CheckLine(d.Name, core.MaxName, true))
	fields.Add("language", core.CheckLanguage(d.Language))
	fields.Add("time-zone", core.CheckTimeZone(d.TimeZone))
	fields.Add("portal-url", core.CheckURL(strings.TrimSpace(d.PortalURL)))
	if d.LinkHours < MinLinkHours || d.LinkHours > MaxLinkHours {
		fields.Add("link-hours", core.Refuse(core.CodeRange).
			With("min", strconv.Itoa(MinLinkHours)).With("max", strconv.Itoa(MaxLinkHours)))
	}
	return fields.Err()
}

// onto brings what a checked draft says to an institution.
func (d InstitutionDraft) onto(i Institution) Institution {
	i.Name, i.Language, i.TimeZone = core.CleanLine(d.Name), d.Language, d.TimeZone
	i.PortalURL = strings.TrimRight(strings.TrimSpace(d.PortalURL), "/")
	i.LinkHours = d.LinkHours
	return i
}

// CreateInstitution saves a new institution in the caller's act, with
// validation on (R2) unless it moves over from an older system (R3). Fields
// are "name", "language", "time-zone", "portal-url", "link-hours".
func CreateInstitution(act *core.Act, d InstitutionDraft) (core.ID, error) {
	if d.LinkHours == 0 {
		d.LinkHours = DefaultLinkHours
	}
	if err := d.check(); err != nil {
		return 0, err
	}
	return Institutions().Insert(act, core.Installation, d.onto(Institution{Validation: !d.Moving}))
}

// SaveInstitution saves the request's institution, which the caller saw in
// version expected. Fields are those of [CreateInstitution]. Links already sent
// keep the life and the portal address they were sent with.
func (s *Service) SaveInstitution(
	ctx context.Context, req core.Request, expected record.Version, d InstitutionDraft,
) (core.Receipt, error) {
	return s.desk.Do(ctx, req, core.ActInstitutionsEdit, func(act *core.Act) error {
		if err := d.check(); err != nil {
			return err
		}
		old, _, err := Institutions().Get(act, core.Installation, req.Institution)
		if err != nil {
			return err
		}
		now := d.onto(old)
		if _, err := Institutions().Save(act, core.Installation, req.Institution, expected, now); err != nil {
			return err
		}
		return done(act, core.Ref{Kind: core.KindInstitution, ID: req.Institution}, changes(old, now)...)
	})
}

// changes are the journal's details of what an institution's settings became.
func changes(old, now Institution) []core.Detail {
	details := []core.Detail{named(now.Name)}
	for _, c := range []struct{ name, old, now string }{
		{"language", old.Language, now.Language},
		{"time-zone", old.TimeZone, now.TimeZone},
		{"portal-url", old.PortalURL, now.PortalURL},
		{"link-hours", hours(old), hours(now)},
	} {
		if c.old != c.now {
			details = append(details, core.Detail{Name: c.name, Value: c.now})
		}
	}
	return details
}

func hours(i Institution) string { return strconv.FormatUint(uint64(i.LinkHours), 10) }

// SwitchValidation sets the switch of R1. expected is the version the caller
// saw.
func (s *Service) SwitchValidation(ctx context.Context, req core.Request, expected record.Version, on bool) (core.Receipt, error) {
	return s.desk.Do(ctx, req, core.ActValidationSwitch, func(act *core.Act) error {
		i, _, err := Institutions().Get(act, core.Installation, req.Institution)
		if err != nil {
			return err
		}
		i.Validation = on
		if _, err := Institutions().Save(act, core.Installation, req.Institution, expected, i); err != nil {
			return err
		}
		if !on { // off is no mails, also none that wait (R3)
			if err := act.Withdraw(core.Ref{Kind: core.KindContact}, core.WithdrawnSwitch); err != nil {
				return err
			}
		}
		ref := core.Ref{Kind: core.KindInstitution, ID: req.Institution}
		return done(act, ref, core.Detail{Name: "on", Value: strconv.FormatBool(on)})
	})
}
