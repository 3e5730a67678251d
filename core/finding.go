package core

// Fault is what is wrong with something stored.
type Fault uint8

// The faults.
const (
	FaultBroken   Fault = iota + 1 // it can't be read
	FaultMissing                   // what follows from other data isn't there
	FaultStray                     // it follows from nothing that is there
	FaultDangling                  // it refers to what isn't there
	FaultOrphan                    // nothing refers to it, and it is of no use by itself
	FaultWrong                     // it contradicts other data
)

// Faults lists all, in this order.
func Faults() []Fault {
	return []Fault{FaultBroken, FaultMissing, FaultStray, FaultDangling, FaultOrphan, FaultWrong}
}

// String is the fault's word, also its key in the catalogue.
func (f Fault) String() string {
	if f == 0 {
		return "unknown"
	}
	return nameOf(int(f-1), "broken", "missing", "stray", "dangling", "orphan", "wrong")
}

// Finding is one thing that an examination found wrong with what is stored.
type Finding struct {
	Fault Fault
	Space Space
	// Key is where it lies, or should lie. It is the finding's own.
	Key []byte
	// Detail is a word for what it is about, such as "structure"; empty for the
	// fault's usual case.
	Detail string
	// Cause is the error behind it, nil for none.
	Cause error
	// Mend puts it right in a transaction of a later state, and does nothing
	// where that isn't needed any more; it may run more than once. nil: nobody
	// but a person can.
	Mend func(tx Tx) error
}
