package operators

import (
	"time"

	"willcall/core"
	"willcall/core/record"
)

// Operator is a person who signs in to the console.
type Operator struct {
	Name    string
	Address string // canonical; what they sign in with
	Role    core.Role
	// Password is the Argon2id hash in PHC form, empty until the invitation is
	// taken up: nobody signs in with it then.
	Password string
	// Epoch rises with every change of role, password or factor; sessions of
	// an earlier one are over.
	Epoch        uint64
	Institutions []core.ID
	Language     string
	Created      time.Time
	// Validated is when the address was proven to be the operator's own, by a
	// code that was mailed there (R73); zero until then.
	Validated time.Time
	// Disabled operators can't sign in; their sessions are over.
	Disabled bool
	// Mailed tells that mailed codes are on for this account (R53).
	Mailed bool
	// LetIn is until when a password from this computer needs no mailed code, once,
	// after the glass was broken; zero where it does.
	LetIn time.Time
}

const (
	spaceOperators core.Space = "operators"
	spaceAddresses core.Space = "operators.addresses"
)

func table() record.Table[Operator] {
	return record.NewTable(spaceOperators, core.KindOperator, record.New(
		record.Text(1, func(o *Operator) *string { return &o.Name }),
		record.Text(2, func(o *Operator) *string { return &o.Address }),
		record.Uint(3, func(o *Operator) *core.Role { return &o.Role }),
		record.Text(4, func(o *Operator) *string { return &o.Password }),
		record.Uint(5, func(o *Operator) *uint64 { return &o.Epoch }),
		record.Uints(6, func(o *Operator) *[]core.ID { return &o.Institutions }),
		record.Text(7, func(o *Operator) *string { return &o.Language }),
		record.Time(8, func(o *Operator) *time.Time { return &o.Created }),
		record.Time(9, func(o *Operator) *time.Time { return &o.Validated }),
		record.Bool(10, func(o *Operator) *bool { return &o.Disabled }),
		record.Bool(11, func(o *Operator) *bool { return &o.Mailed }),
		record.Time(12, func(o *Operator) *time.Time { return &o.LetIn }),
	), record.NewIndex(spaceAddresses, func(o *Operator) [][]byte {
		return [][]byte{append([]byte(o.Address), 0)}
	}))
}

// Any reports whether there is any operator: without one the set-up is open.
func Any(v core.View) (bool, error) {
	found := false
	err := table().Ascend(v, core.Installation, 0, func(core.ID, record.Version, Operator) error {
		found = true
		return core.Stop
	})
	return found, err
}

func byAddress(v core.View, key string) (id core.ID, o Operator, err error) {
	err = table().Lookup(v, core.Installation, spaceAddresses, append([]byte(key), 0), func(found core.ID) error {
		id = found
		return core.Stop
	})
	if err != nil || id == 0 {
		return 0, Operator{}, err
	}
	o, _, err = table().Get(v, core.Installation, id)
	return id, o, err
}

// OwnerDraft is what the set-up says of the first owner.
type OwnerDraft struct {
	Name     string
	Address  string
	Language string
	// Password is already hashed: hashing has no place in a transaction.
	Password string
}

// CreateOwner saves the first owner of an institution in the caller's act.
// Fields are "owner-name", "owner-address".
func CreateOwner(act *core.Act, d OwnerDraft) (core.ID, error) {
	return Insert(act, Operator{
		Name: core.CleanLine(d.Name), Address: d.Address, Role: core.RoleOwner, Password: d.Password,
		Epoch: 1, Institutions: []core.ID{act.Req.Institution}, Language: d.Language, Created: act.At,
	})
}

// Insert saves a new operator in the caller's act.
func Insert(act *core.Act, o Operator) (core.ID, error) {
	var fields core.Fields
	fields.Add("owner-name", core.CheckLine(o.Name, core.MaxName, true))
	key, err := core.CanonicalAddress(o.Address)
	fields.Add("owner-address", err)
	if err := fields.Err(); err != nil {
		return 0, err
	}
	o.Address = key
	taken, _, err := byAddress(act, key)
	if err != nil {
		return 0, err
	}
	if taken != 0 {
		return 0, core.RefuseField(core.CodeTaken, "owner-address")
	}
	return table().Insert(act, core.Installation, o)
}

// Validated notes, in the caller's act, that an operator's address was proven to
// be their own (R73).
func Validated(act *core.Act, operator core.ID) error {
	o, version, err := table().Get(act, core.Installation, operator)
	if err != nil {
		return err
	}
	o.Validated = act.At
	_, err = table().Save(act, core.Installation, operator, version, o)
	return err
}
