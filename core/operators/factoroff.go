package operators

import (
	"context"

	"willcall/core"
)

// DisableFactor takes the app of the request's operator away (R70): its codes and
// recovery codes never work again (R71). It refuses with [core.CodeFactorOff]
// where there is none, with [core.CodeFactorNeeded] while the company requires one
// (R67), and with [core.CodeOwnAddress] where they would be asked for mailed codes
// that can't go to them (R73).
func (s *Service) DisableFactor(ctx context.Context, req core.Request) error {
	_, err := s.desk.Do(ctx, req, core.ActProfileDisable, func(act *core.Act) error {
		house, err := company(act)
		if err != nil {
			return err
		}
		if house.Required {
			return core.Refuse(core.CodeFactorNeeded)
		}
		if _, _, err := linked(act, req.Actor.ID); err != nil {
			return err
		}
		o, _, err := table().Get(act, core.Installation, req.Actor.ID)
		if err == nil && house.locksOut(o, false) {
			err = core.Refuse(core.CodeOwnAddress)
		}
		if err != nil {
			return err
		}
		if err := dropFactor(act, req.Actor.ID); err != nil {
			return err
		}
		return changed(act, ChangeFactorOff)
	})
	return err
}
