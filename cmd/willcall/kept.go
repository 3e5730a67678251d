package main

import (
	"context"
	"strconv"

	"willcall/core"
	"willcall/core/record"
	"willcall/storage/archive"
)

// keptAnswer is what is kept of former data, out of reach of what is deleted.
type keptAnswer struct {
	Kept     []keptCopy `json:"kept"`
	SetAside int        `json:"set_aside"` // entries that doctor put into quarantine

	note  string
	bytes func(int64) string // writes sizes as the screen does
}

type keptCopy struct {
	Path  string `json:"path"`
	Bytes int64  `json:"bytes"`
	At    moment `json:"at"`
}

// keptOf looks for what is kept of a data folder.
func (at *bench) keptOf(ctx context.Context, data string) (a keptAnswer, err error) {
	a.Kept, a.bytes = []keptCopy{}, at.p.Bytes
	formers, err := archive.Formers(data)
	if err != nil {
		return a, err
	}
	for _, f := range formers {
		a.Kept = append(a.Kept, keptCopy{Path: f.Path, Bytes: f.Bytes, At: moment(f.At)})
	}
	err = at.store.View(ctx, func(v core.View) error {
		a.SetAside = 0
		return record.EachAside(v, func(core.Space, []byte) error {
			a.SetAside++
			return nil
		})
	})
	if len(a.Kept) > 0 || a.SetAside > 0 {
		a.note = at.p.T("command.kept")
	}
	return a, err
}

func (a keptAnswer) rows() [][]string {
	var all facts
	for _, k := range a.Kept {
		all.add("kept copy", k.At.String()+" "+k.Path+" "+a.bytes(k.Bytes))
	}
	if a.SetAside > 0 {
		all.add("set aside", strconv.Itoa(a.SetAside))
	}
	if a.note != "" {
		all = append(all, []string{}, []string{a.note})
	}
	return all
}
