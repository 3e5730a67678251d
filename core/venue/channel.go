package venue

import (
	"context"
	"slices"

	"willcall/core"
	"willcall/core/record"
)

// CreateChannel saves a new sales channel in the caller's act. Fields are
// those of [Service.SaveChannel].
func CreateChannel(act *core.Act, c SalesChannel) (core.ID, error) { return saveChannel(act, 0, 0, c) }

// SaveChannel saves a sales channel: a new one where id is 0, else the one the
// caller saw in version expected. A change of its kind decides from then on
// for whose mails its points of sale are offered (R21, R22). Fields are "name",
// refused with [core.CodeNameTaken] where another channel has it, and "kind".
func (s *Service) SaveChannel(
	ctx context.Context, req core.Request, id core.ID, expected record.Version, c SalesChannel,
) (core.Receipt, error) {
	action := core.ActChannelsEdit
	if id == 0 {
		action = core.ActChannelsCreate
	}
	return s.desk.Do(ctx, req, action, func(act *core.Act) error {
		saved, err := saveChannel(act, id, expected, c)
		if err != nil {
			return err
		}
		return done(act, core.Ref{Kind: core.KindSalesChannel, ID: saved},
			named(c.Name), core.Detail{Name: "kind", Value: c.Kind.String()})
	})
}

func saveChannel(act *core.Act, id core.ID, expected record.Version, c SalesChannel) (core.ID, error) {
	var fields core.Fields
	fields.Add("name", core.CheckLine(c.Name, core.MaxName, true))
	c.Name = core.CleanLine(c.Name)
	fields.Add("name", free(act, SalesChannels(), id, c.Name, func(c SalesChannel) string { return c.Name }))
	if !slices.Contains(ChannelKinds(), c.Kind) {
		fields.Add("kind", core.Refuse(core.CodeChoice))
	}
	if err := fields.Err(); err != nil {
		return 0, err
	}
	if id == 0 {
		return SalesChannels().Insert(act, act.Req.Institution, c)
	}
	_, err := SalesChannels().Save(act, act.Req.Institution, id, expected, c)
	return id, err
}
