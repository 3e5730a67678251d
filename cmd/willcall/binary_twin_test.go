package main

import (
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"

	"willcall/core/coretest"
)

// sample fills a data folder as the demo does: "sample FOLDER CONTACTS". It is
// filled in the time of [coretest.Start], so that answers can be compared.
func sample(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, !neg && len(args) == 2, "sample FOLDER CONTACTS")
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	t := stageOf(ts).t
	h, err := openHouse(t.Context(), storyOptions(ts.MkAbs(args[0]), "", coretest.Random(7), coretest.Start))
	ts.Check(err)
	ts.Check(h.fillDemo(t.Context(), storyPortal, n, func(int) {}))
	ts.Check(h.close())
}
