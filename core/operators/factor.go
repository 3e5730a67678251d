package operators

import (
	"fmt"
	"time"

	"willcall/core"
	"willcall/core/record"
	"willcall/core/secret"
)

const (
	spaceFactors core.Space = "operators.factors"
	// sealFactor and sealEnrolment keep an app's secret apart from one that isn't
	// confirmed yet.
	sealFactor    = "factor"
	sealEnrolment = "enrolment"
)

// factor is an operator's authenticator app, under the operator's id.
type factor struct {
	// Secret is sealed, bound to the operator's id; nil: there is no app.
	Secret []byte
	// Step is the last one whose code was accepted.
	Step  uint64
	Since time.Time
	Used  time.Time
	// Recovery are the codes that stand for the app.
	Recovery recoverySet
	// Pending is the sealed secret of an app that is being linked, until Over.
	Pending []byte
	Over    time.Time
}

func factors() record.Table[factor] {
	return record.NewTable(spaceFactors, core.KindOperator, record.New(
		record.Bytes(1, func(f *factor) *[]byte { return &f.Secret }),
		record.Uint(2, func(f *factor) *uint64 { return &f.Step }),
		record.Time(3, func(f *factor) *time.Time { return &f.Since }),
		record.Time(4, func(f *factor) *time.Time { return &f.Used }),
		record.Struct(5, func(f *factor) *recoverySet { return &f.Recovery }, recoveryCodec()),
		record.Bytes(6, func(f *factor) *[]byte { return &f.Pending }),
		record.Time(7, func(f *factor) *time.Time { return &f.Over }),
	))
}

// Factor is what an operator, or who looks after operators, sees of an app.
type Factor struct {
	On       bool
	Since    time.Time
	LastUsed time.Time
	// RecoveryLeft is how many recovery codes are left, -1 without an app.
	RecoveryLeft int
}

func (f factor) on() bool { return len(f.Secret) > 0 }

// shown is what may be seen of it.
func (f factor) shown() Factor {
	if !f.on() {
		return Factor{RecoveryLeft: -1}
	}
	return Factor{On: true, Since: f.Since, LastUsed: f.Used, RecoveryLeft: f.Recovery.left()}
}

// FactorOf is what may be seen of an operator's app.
func FactorOf(v core.View, operator core.ID) (Factor, error) {
	f, err := optional(v, factors(), operator)
	return f.shown(), err
}

// secretOf opens an operator's sealed secret. One that doesn't open, or isn't
// 20 bytes long, is nil: the factor counts as absent.
func secretOf(keys *secret.Keys, purpose string, operator core.ID, sealed []byte) []byte {
	raw, err := keys.Open(purpose, core.Key(core.Installation, operator), sealed)
	if err != nil || len(raw) != appSecretBytes {
		return nil
	}
	return raw
}

// dropFactor takes an operator's app away, in the caller's act, with its
// recovery codes, an enrolment that was begun, and the count of codes that failed.
func dropFactor(act *core.Act, operator core.ID) error {
	// Past the table: one that can't be read goes too.
	if err := act.Delete(spaceFactors, core.Key(core.Installation, operator)); err != nil {
		return fmt.Errorf("take an app away: %w", err)
	}
	return forgive(act, operator)
}

// raise makes every session of an operator end but the request's own, where that
// is one of theirs, and every device need a code again.
func raise(act *core.Act, operator core.ID, change func(*Operator)) (Operator, error) {
	o, version, err := table().Get(act, core.Installation, operator)
	if err != nil {
		return o, err
	}
	o.Epoch++
	if change != nil {
		change(&o)
	}
	if _, err := table().Save(act, core.Installation, operator, version, o); err != nil {
		return o, err
	}
	if act.Req.Actor.Kind != core.ActorOperator || act.Req.Actor.ID != operator {
		return o, nil
	}
	s, version, err := sessions().Get(act, core.Installation, act.Req.Session)
	if err != nil {
		return o, err
	}
	s.Epoch = o.Epoch
	_, err = sessions().Save(act, core.Installation, act.Req.Session, version, s)
	return o, err
}
