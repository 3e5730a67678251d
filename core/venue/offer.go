package venue

import (
	"slices"

	"willcall/core"
	"willcall/core/record"
)

// Named is one thing to choose from.
type Named struct {
	ID   core.ID
	Name string
}

// ActiveDocuments lists the active documents of a kind, by age (R19).
func ActiveDocuments(v core.View, institution core.ID, kind DocumentKind) ([]Named, error) {
	var found []Named
	err := Documents().Ascend(v, institution, 0, func(id core.ID, _ record.Version, d Document) error {
		if d.Active && d.Kind == kind {
			found = append(found, Named{id, d.Name})
		}
		return nil
	})
	return found, err
}

// RunningPointsOfSale lists the points of sale of an organisation that are
// running (R20) on one of the given kinds of channels, by age.
func RunningPointsOfSale(v core.View, institution, organisation core.ID, on []ChannelKind) ([]Named, error) {
	kinds, err := channelKinds(v, institution)
	if err != nil {
		return nil, err
	}
	var found []Named
	err = PointsOfSale().Ascend(v, institution, 0, func(id core.ID, _ record.Version, p PointOfSale) error {
		if p.Organisation == organisation && p.State == StateRunning && slices.Contains(on, kinds[p.Channel]) {
			found = append(found, Named{id, p.Name})
		}
		return nil
	})
	return found, err
}

func channelKinds(v core.View, institution core.ID) (map[core.ID]ChannelKind, error) {
	kinds := map[core.ID]ChannelKind{}
	err := SalesChannels().Ascend(v, institution, 0, func(id core.ID, _ record.Version, c SalesChannel) error {
		kinds[id] = c.Kind
		return nil
	})
	return kinds, err
}
