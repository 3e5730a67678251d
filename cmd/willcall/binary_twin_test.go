package main

import (
	"log/slog"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"willcall/core/coretest"
	"willcall/storage"
)

// sample fills a data folder as the demo does: "sample FOLDER CONTACTS". It is
// filled in the time of [coretest.Start], so that answers can be compared.
func sample(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, !neg && len(args) == 2, "sample FOLDER CONTACTS")
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	t := stageOf(ts).t
	h, err := openHouse(t.Context(), options{
		dir: ts.MkAbs(args[0]), wall: func() time.Time { return coretest.Start() }, random: coretest.Random(7), cost: demoCost(),
		storage: storage.Options{NoSync: true, InitialMap: 1 << 20}, log: slog.New(slog.DiscardHandler),
	})
	ts.Check(err)
	ts.Check(h.fillDemo(t.Context(), storyPortal, n, func(int) {}))
	ts.Check(h.close())
}
