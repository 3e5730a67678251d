package coretest

import (
	"context"
	"testing"

	"willcall/core"
	"willcall/core/doctor"
	"willcall/core/secret"
)

// Damaged tells that the test stores what no act would, such as a part of an
// institution that isn't there: then what it leaves is not looked through.
func (h *House) Damaged() { h.damaged = true }

// examined ends every test of a house by looking through all that it stored.
func (h *House) examined() {
	if h.damaged || h.T.Failed() {
		return
	}
	for _, f := range Findings(h.T, h.Store, h.Keys) {
		h.T.Errorf("the test left something wrong: %s in %s at %x: %s %v", f.Fault, f.Space, f.Key, f.Detail, f.Cause)
	}
}

// Findings are what is wrong with what a store holds.
func Findings(t testing.TB, store core.Store, keys *secret.Keys) []core.Finding {
	t.Helper()
	// At the test's end its own context has ended.
	found, err := doctor.NewService(nil, store, keys).Examine(context.WithoutCancel(t.Context()), func(int) {})
	if err != nil {
		t.Fatalf("examine the store: %v", err)
	}
	return found.Findings
}
