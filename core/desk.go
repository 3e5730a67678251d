package core

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"time"
)

// Request says who asks, where, and how a repeated call is recognised.
type Request struct {
	Actor        Actor
	Session      ID // of an operator; 0 for others
	Institution  ID
	Organisation ID
	// Key makes the call idempotent: the same key of the same actor within 24 h
	// is answered with the first call's receipt and does nothing. Empty: not.
	Key string
}

// Receipt is what a done act leaves in the caller's hand. Repeated tells that it
// was done by an earlier call with the same key, and not again.
type Receipt struct {
	Subject  Ref
	At       time.Time
	Repeated bool
}

// ProofLasts is how long a proof of who sits there counts as fresh, see
// [Standing.Fresh].
const ProofLasts = 5 * time.Minute

// Standing is what sign-in knows about the actor of a request, read in the same
// transaction as the act. Captured tells that there is no mail server (R89);
// the desk fills it in.
type Standing struct {
	Role     Role
	Captured bool
	// Walled tells that the operator lacks the second factor that is required
	// (R67).
	Walled bool
	// Fresh tells that who sits there proved it in this session a short while ago.
	Fresh bool
}

// Standings answers for a request's session: the present role, or a refusal
// with [CodeSignedOut] where the session ended or its epoch passed, with
// [CodeNotFound] where the operator doesn't belong to the institution (R87) and
// with [CodeSetUp] for a set-up after the first owner.
type Standings interface {
	Standing(v View, req Request) (Standing, error)
}

// Detail is one fact of a journal entry. Personal ones are kept apart so that
// they can be erased while the entry stays.
type Detail struct {
	Name     string
	Value    string
	Personal bool
}

// Entry is what the journal keeps of one act.
type Entry struct {
	At          time.Time
	Actor       Actor
	Role        Role
	Session     ID
	Institution ID
	Action      ActionID
	Subject     Ref
	Refused     Code // of a refusal; empty for an act that was done
	Details     []Detail
}

// Journal records entries within the act's own transaction: no entry, no act.
type Journal interface {
	// random salts the commitments to personal details.
	Record(tx Tx, e Entry, random io.Reader) error
}

// Withdrawal is why mail that waits is cancelled by what befell whom it is for.
type Withdrawal string

// The reasons.
const (
	WithdrawnAddress Withdrawal = "withdrawn-address" // another address, or none
	WithdrawnGuest   Withdrawal = "withdrawn-guest"   // became a guest
	WithdrawnRemoved Withdrawal = "withdrawn-removed" // was removed
	WithdrawnSwitch  Withdrawal = "withdrawn-switch"  // validation was switched off
	WithdrawnProven  Withdrawal = "withdrawn-proven"  // the identity provider vouches for the address
	// WithdrawnRestored: a backup was restored, and what waited in it may have
	// been sent since.
	WithdrawnRestored Withdrawal = "withdrawn-restored"
)

// Outbox takes mail within the transaction of the act that causes it.
type Outbox interface {
	Enqueue(act *Act, m Mail) (ID, error)
	// Withdraw cancels what is still waiting for a subject in the act's
	// institution and holds a secret: its link or code is void. For a subject
	// without an id it cancels all that waits for its kind, with a secret or not.
	Withdraw(act *Act, subject Ref, why Withdrawal) error
}

// Mail is an order to write and send one mail. Its text is a document's, by
// edition and language, or one of the product's own, by name.
type Mail struct {
	To       string // canonical address
	ToName   string
	From     string
	FromName string
	Document ID
	Edition  uint32
	System   string // name of a text of the product's own; Document is 0 then
	Language string
	Subject  Ref // the contact or operator it is for
	// Variables fill the document's {name}-like places. Secret ones are sealed
	// until the mail is sent, expired or cancelled.
	Variables map[string]string
	Secret    map[string]string
	// Expires is when the mail is no longer worth sending.
	Expires time.Time
}

// CapturedOnly tells the desk that there is no mail server (R89).
type CapturedOnly func(v View) (bool, error)

// DeskConfig is what a [Desk] stands on. All fields but Inbox, Room and Damaged are
// needed.
type DeskConfig struct {
	Store     Store
	Clock     Clock
	Random    io.Reader
	Actions   []Action
	Standings Standings
	Journal   Journal
	Outbox    Outbox
	Captured  CapturedOnly
	// Inbox takes notices. With nil, an act that tells somebody of something fails
	// with [CodeInternal]: nothing that should be told is lost in silence.
	Inbox Inbox
	// Room says how much space there is, asked before each act; nil stands for
	// enough.
	Room func() Room
	// Jumped tells of a jump of the computer's clock as a part of the next act;
	// nil for nobody.
	Jumped func(act *Act, jump Jump) error
	// Damaged hears of stored data that was met and doesn't hold together, from
	// any goroutine and every time; nil for nobody.
	Damaged func(error)
}

// Desk is the one door for every act: it checks the actor in the transaction,
// runs the act, and commits it only with its journal entry. It is safe for
// concurrent use.
type Desk struct {
	cfg      DeskConfig
	actions  ActionTable
	refusals refusals
}

// NewDesk makes a desk.
func NewDesk(cfg DeskConfig) *Desk {
	return &Desk{cfg: cfg, actions: NewActionTable(cfg.Actions)}
}

// Act is one act in its transaction: a [Tx] with a fixed time, a random stream
// and the duty to log. It is valid until the function it was given to returns,
// and not safe for concurrent use.
type Act struct {
	Tx
	Standing
	Req    Request
	Action ActionID
	// At is the time of the act, the same in every run of it.
	At time.Time
	// Random is a cryptographic stream, seeded before the first run and never
	// rewound, so that no two runs see the same bytes.
	Random io.Reader

	desk  *Desk
	jump  Jump // of the computer's clock, which it tells of
	entry *Entry
}

// Log writes the act's line in the journal. The last call counts; an act
// without one is not committed.
func (a *Act) Log(subject Ref, details ...Detail) {
	a.entry = &Entry{
		At: a.At, Actor: a.Req.Actor, Role: a.Role, Session: a.Req.Session,
		Institution: a.Req.Institution, Action: a.Action, Subject: subject, Details: details,
	}
}

// Mail puts a mail into the outbox, to be sent after the commit.
func (a *Act) Mail(m Mail) (ID, error) { return a.desk.cfg.Outbox.Enqueue(a, m) }

// Withdraw cancels the mails with secrets that still wait for subject, or all
// that wait for its kind where it has no id.
func (a *Act) Withdraw(subject Ref, why Withdrawal) error {
	return a.desk.cfg.Outbox.Withdraw(a, subject, why)
}

// Wall is [Desk.Wall].
func (a *Act) Wall() time.Time { return a.desk.Wall() }

// EmitFor announces that subject changed in the act's institution.
func (a *Act) EmitFor(subject Ref) {
	a.Emit(Event{Institution: a.Req.Institution, Subject: subject, Action: a.Action})
}

// Do runs fn as one act: all of it is saved, with its journal entry, or
// nothing. What is private to an operator has no entry. fn may run more than once and leaves what it found in variables of
// the caller; only the committed run counts. Refusals for want of permission
// or an ended session are journalled on their own. Where space is spent, only
// what frees some is taken; the rest is refused with [CodeFull] before anything
// is looked at, a repeated key too.
func (d *Desk) Do(ctx context.Context, req Request, action ActionID, fn func(*Act) error) (Receipt, error) {
	a, ok := d.actions.Find(action)
	if !ok || a.Reads {
		return Receipt{}, fmt.Errorf("do %q: %w", action, Refuse(CodeInternal))
	}
	if !a.Frees && d.spent() {
		return Receipt{}, fmt.Errorf("do %q: %w", action, Refuse(CodeFull).With("sentence", "full.spent"))
	}
	random, err := d.stream()
	if err != nil {
		return Receipt{}, fmt.Errorf("do %q: %w", action, err)
	}
	at := d.cfg.Clock.Effective()
	act := Act{Req: req, Action: a.ID, At: at, Random: random, desk: d, jump: d.takeJump(a)}
	var receipt Receipt
	err = d.cfg.Store.Update(ctx, func(tx Tx) error {
		receipt, err = act.run(tx, a, fn)
		return err
	})
	if err != nil || receipt.Repeated {
		d.giveBack(act.jump)
	}
	if err != nil {
		return Receipt{}, d.refused(ctx, req, action, at, err)
	}
	d.noteMark(at)
	return receipt, nil
}

// run is one run of an act inside a transaction. Nothing of it is left in the act
// that it is called on.
func (a Act) run(tx Tx, kind Action, fn func(*Act) error) (_ Receipt, err error) {
	act, d, req := &a, a.desk, a.Req // an act may go on in another institution
	act.Tx = tx
	if act.Standing, err = d.admit(tx, req, kind); err != nil {
		return Receipt{}, err
	}
	if first, ok, err := earlierReceipt(tx, req, act.Action, act.At); err != nil || ok {
		return first, err
	}
	if err := fn(act); err != nil {
		return Receipt{}, err
	}
	receipt := Receipt{At: act.At}
	if !kind.Private {
		if err := d.record(act); err != nil {
			return Receipt{}, err
		}
		receipt.Subject = act.entry.Subject
	}
	if err := keepReceipt(tx, req, act.Action, receipt); err != nil {
		return Receipt{}, err
	}
	return receipt, d.carryMark(act)
}

// record writes the act's journal entry, without which it is not committed.
func (d *Desk) record(act *Act) error {
	if act.entry == nil {
		return fmt.Errorf("an act without a journal entry: %w", Refuse(CodeInternal))
	}
	if err := d.cfg.Journal.Record(act.Tx, *act.entry, act.Random); err != nil {
		return fmt.Errorf("record the act: %w", err)
	}
	return nil
}

// See runs fn on one state of the store after checking that the actor may look.
func (d *Desk) See(ctx context.Context, req Request, action ActionID, fn func(View) error) error {
	_, err := d.look(ctx, req, action, fn)
	return err
}

// May checks that the actor may look at what isn't in the store, and says in
// which role.
func (d *Desk) May(ctx context.Context, req Request, action ActionID) (Standing, error) {
	return d.look(ctx, req, action, func(View) error { return nil })
}

func (d *Desk) look(ctx context.Context, req Request, action ActionID, fn func(View) error) (Standing, error) {
	a, ok := d.actions.Find(action)
	if !ok || !a.Reads {
		return Standing{}, fmt.Errorf("see %q: %w", action, Refuse(CodeInternal))
	}
	var standing Standing
	err := d.cfg.Store.View(ctx, func(v View) (err error) {
		if standing, err = d.admit(v, req, a); err != nil {
			return err
		}
		return fn(v)
	})
	if err != nil {
		return Standing{}, d.refused(ctx, req, action, d.cfg.Clock.Effective(), err)
	}
	return standing, nil
}

// errRefused marks refusals of the desk itself, which are journalled.
type errRefused struct{ error }

func (e errRefused) Unwrap() error { return e.error }

// Deny makes a refusal for want of permission that an act finds by itself, such
// as of an operator with a higher role (R86). The desk records it as its own
// (R57).
func Deny(refusal error) error { return errRefused{refusal} }

// admit asks for the actor's standing and holds it against the action's line.
func (d *Desk) admit(v View, req Request, a Action) (Standing, error) {
	standing, err := d.cfg.Standings.Standing(v, req)
	if err != nil {
		if refusal := (*Error)(nil); !errors.As(err, &refusal) || refusal.Code == CodeInternal {
			return Standing{}, fmt.Errorf("ask for the actor's standing: %w", err)
		}
		return Standing{}, errRefused{err}
	}
	if standing.Captured, err = d.cfg.Captured(v); err != nil {
		return Standing{}, fmt.Errorf("ask for the mail server: %w", err)
	}
	if req.Institution == Installation && req.Actor.Kind == ActorLocal && !a.Whole {
		return Standing{}, errRefused{Refuse(CodeNotFound)}
	}
	if !a.Allows(req.Actor.Kind, standing.Role, standing.Captured) {
		return Standing{}, errRefused{Refuse(CodeForbidden)}
	}
	if req.Actor.Kind != ActorOperator {
		return standing, nil
	}
	switch {
	case standing.Walled && !a.Walled:
		return Standing{}, errRefused{Refuse(CodeEnrol)}
	case a.StepUp && !standing.Fresh:
		return Standing{}, errRefused{Refuse(CodeStepUp)}
	}
	return standing, nil
}

func (d *Desk) spent() bool { return d.cfg.Room != nil && d.cfg.Room().Spent }

// refused journals a refusal of the desk in a transaction of its own and hands
// err on. A refusal stands even where it can't be recorded; then both are told.
// While space is spent only the first [refusalsSpent] of an hour are recorded,
// and how many more there were with the next one.
func (d *Desk) refused(ctx context.Context, req Request, action ActionID, at time.Time, err error) error {
	var refusal errRefused
	if !errors.As(err, &refusal) {
		err = fmt.Errorf("%s: %w", action, err)
		d.Met(err)
		return err
	}
	left, ok := d.refusals.take(d.spent(), at)
	if !ok {
		return refusal.error
	}
	entry := Entry{
		At: at, Actor: req.Actor, Session: req.Session, Institution: req.Institution,
		Action: action, Refused: CodeOf(err), Details: unrecorded(left),
	}
	random, recErr := d.stream()
	if recErr == nil {
		recErr = d.cfg.Store.Update(ctx, func(tx Tx) error { return d.cfg.Journal.Record(tx, entry, random) })
	}
	if recErr != nil {
		d.refusals.giveBack(left + 1)
		return errors.Join(refusal.error, fmt.Errorf("record the refusal: %w", recErr))
	}
	return refusal.error
}

// Met tells of damage that an act met, also where it goes on without what is
// damaged. Other errors, and nil, are not told.
func (d *Desk) Met(err error) {
	if d.cfg.Damaged != nil && errors.Is(err, ErrDamaged) {
		d.cfg.Damaged(err)
	}
}

// stream draws the seed of an act's random stream. ChaCha8 is a cryptographic
// generator; the seed comes from the handed-in source.
func (d *Desk) stream() (io.Reader, error) {
	var seed [32]byte
	if _, err := io.ReadFull(d.cfg.Random, seed[:]); err != nil {
		return nil, fmt.Errorf("draw randomness: %w", err)
	}
	return rand.NewChaCha8(seed), nil
}

// Effective is the desk's clock, for callers that show or compare times.
func (d *Desk) Effective() time.Time { return d.cfg.Clock.Effective() }

// Wall is the computer's own clock, for what is compared with a clock elsewhere,
// such as that of a phone. It may go back: nothing expires by it.
func (d *Desk) Wall() time.Time {
	if c, ok := d.cfg.Clock.(*MarkedClock); ok {
		return c.Wall()
	}
	return d.cfg.Clock.Effective()
}

// carryMark has the clock's mark ride along where it is due, and somebody told
// where the computer's clock jumped.
func (d *Desk) carryMark(act *Act) error {
	c, ok := d.cfg.Clock.(*MarkedClock)
	if !ok || act.jump == 0 && !c.due(act.At) {
		return nil
	}
	if act.jump != 0 {
		err := d.cfg.Jumped(act, act.jump)
		if d.Met(err); err != nil && !errors.Is(err, ErrDamaged) { // a broken inbox is no reason to do nothing any more
			return fmt.Errorf("tell of a jump of the clock: %w", err)
		}
	}
	return c.write(act.Tx, act.At)
}

// takeJump gives a jump that an act tells of. One that frees space does not: it
// has to go where nothing can be added.
func (d *Desk) takeJump(kind Action) Jump {
	if c, ok := d.cfg.Clock.(*MarkedClock); ok && d.cfg.Jumped != nil && !kind.Frees {
		return c.takeJump()
	}
	return 0
}

func (d *Desk) giveBack(jump Jump) {
	if c, ok := d.cfg.Clock.(*MarkedClock); ok && jump != 0 {
		c.giveBack(jump)
	}
}

func (d *Desk) noteMark(at time.Time) {
	if c, ok := d.cfg.Clock.(*MarkedClock); ok && c.due(at) {
		c.noteSaved(at)
	}
}

// receiptDigest keeps receipts of different actors, places and actions apart in
// a fixed length.
func receiptDigest(req Request, action ActionID) []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d/%d/%q/%d/%s/%s",
		req.Actor.Kind, req.Actor.ID, req.Actor.Name, req.Institution, action, req.Key))
	return sum[:]
}
