package storagetest

import (
	"slices"
	"testing"

	"willcall/core"
)

// Open gives a new, empty store for one test and closes it at the test's end.
type Open func(t testing.TB) core.Store

const things core.Space = "things"

// clause is one demand of the contract.
type clause struct {
	name  string
	check func(t *testing.T, store core.Store)
}

// Run holds an engine to the contract of [core.Store].
func Run(t *testing.T, open Open) {
	t.Helper()
	for _, c := range slices.Concat(onValues(), onUpdates(), onCallers()) {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.check(t, open(t))
		})
	}
}

// onValues are about keys, values and ranges.
func onValues() []clause {
	return []clause{
		{"reads its own writes", readsOwnWrites},
		{"commits for later views", commitsForViews},
		{"a view sees one state", viewSeesOneState},
		{"an empty value is not a missing one", emptyValue},
		{"spaces are apart", spacesAreApart},
		{"ranges go both ways within their bounds", rangesWithBounds},
		{"ranges leave out what was deleted", rangesAfterDeletes},
		{"ranges see the writes of their own update", rangesSeeOwnWrites},
		{"ranges go on behind a large gap of deletes", rangesOverGap},
		{"a range survives deleting what it walks", rangeWhileDeleting},
		{"stop ends a range", stopEndsRange},
		{"an error ends a range and comes back", errorEndsRange},
		{"behaves like a sorted map", behavesLikeMap},
		{"writes beyond the limits are refused one by one", refusedWrites},
		{"the longest key is kept", largestKey},
		{"large values are kept", largeValues},
		{"impossible keys are not there", impossibleKeys},
		{"spaces without a proper name are refused", namelessSpaces},
		{"bytes stay as they were read", bytesStayInside},
		{"bytes that were put come back", bytesComeBack},
	}
}

// onUpdates are about one update: its end, its ids.
func onUpdates() []clause {
	return []clause{
		{"an error rolls back", errorRollsBack},
		{"a panic rolls back and goes on", panicRollsBack},
		{"works on after a panic", worksAfterPanic},
		{"the end of a goroutine rolls back", goexitRollsBack},
		{"updates see fresh data after others of their group failed", groupsRerun},
		{"ids are dense after others of their group failed", idsInGroups},
		{"each update has a revision of its own", revisionsOfTheirOwn},
		{"a transaction ends with its function", endsWithFunction},
		{"ids are dense within institution and space", idsAreDense},
		{"ids are never used again", idsAreNotReused},
		{"the last id is the one that was handed out", lastIDs},
	}
}

// onCallers are about several at once: watchers, cancelling, projections, closing.
func onCallers() []clause {
	return []clause{
		{"watchers hear what was committed", watchersHear},
		{"watchers hear nothing of what was rolled back", watchersMissRollbacks},
		{"a stopped watcher hears nothing", stoppedWatcher},
		{"watchers hear every commit in order from many writers", watchersInOrder},
		{"an update inside an update is refused", nestedRefused},
		{"a view inside an update sees the state before", viewInsideUpdate},
		{"a cancelled call does nothing", cancelledBefore},
		{"cancelling during an update rolls it back", cancelledDuring},
		{"cancelling ends the wait for another update", cancelledWaiting},
		{"cancelling ends a range", cancelledRange},
		{"cancelling in a range of an update rolls it back", cancelledRangeOfUpdate},
		{"cancelling afterwards changes nothing", cancelledAfterwards},
		{"updates are serialisable", serialisable},
		{"histories are explained by their revisions", historiesExplained},
		{"a map kept by a watcher equals the store", watchersKeepMap},
		{"events alone are told without a new revision", eventsAlone},
		{"derived data equals its recomputation", derivedEqualsRecomputed},
		{"derived data comes with its sources", derivedWithSources},
		{"a projection is made anew when its version rises", projectionRenewed},
		{"a projection that fails fails its update alone", projectionFails},
		{"a projection that fails is not registered", projectionRefused},
		{"a closed store refuses", closedRefuses},
		{"closing waits for views", closeWaits},
		{"closing inside an update is refused", closeInsideRefused},
		{"who waits while it is closed is answered", closeAnswers},
	}
}

// update fails the test where fn or its commit does.
func update(t testing.TB, store core.Store, fn func(core.Tx) error) {
	t.Helper()
	if err := store.Update(t.Context(), fn); err != nil {
		t.Fatalf("update: %v", err)
	}
}

// look fails the test where fn does.
func look(t testing.TB, store core.Store, fn func(core.View) error) {
	t.Helper()
	if err := store.View(t.Context(), fn); err != nil {
		t.Fatalf("view: %v", err)
	}
}

// fill puts each key into things with itself as the value.
func fill(t testing.TB, store core.Store, keys ...string) {
	t.Helper()
	update(t, store, func(tx core.Tx) error { return putAll(tx, keys...) })
}

func putAll(tx core.Tx, keys ...string) error {
	for _, key := range keys {
		if err := tx.Put(things, []byte(key), []byte(key)); err != nil {
			return err
		}
	}
	return nil
}

// expect holds the value under a key of things against want; "" is for none.
func expect(t testing.TB, v core.View, key, want string) {
	t.Helper()
	got, err := v.Get(things, []byte(key))
	if err != nil {
		t.Fatalf("get %q: %v", key, err)
	}
	if string(got) != want || (want == "" && got != nil) {
		t.Errorf("under %q is %q, want %q", key, got, want)
	}
}
