package main

import (
	"context"
	"strconv"

	"willcall/core"
	"willcall/core/backup"
)

// storageAnswer is the answer of "settings storage show". Sizes are in bytes;
// the text of it writes them as the screen does.
type storageAnswer struct {
	Data     string        `json:"data"`
	Size     int64         `json:"size"`
	Limit    int64         `json:"limit"`
	Reusable int64         `json:"reusable"`
	Free     int64         `json:"free"`
	Left     int64         `json:"left"`
	Mark     int64         `json:"low_below"`
	Low      bool          `json:"low"`
	Spent    bool          `json:"spent"`
	Bare     bool          `json:"no_reserve"`
	Captured capturedRoom  `json:"captured"`
	Backups  string        `json:"backups"`
	Last     *backupAnswer `json:"last_backup"`
	CutOff   *cutOff       `json:"cut_off_backup"`

	keptAnswer
}

type capturedRoom struct {
	Mails int   `json:"mails"`
	Bytes int64 `json:"bytes"`
}

// cutOff is a backup whose end nobody knows.
type cutOff struct {
	At     moment `json:"at"`
	By     string `json:"by"`
	Folder string `json:"folder"`
}

func showStorage(ctx context.Context, at *bench) (answer, error) {
	s, err := at.backup.Status(ctx, at.req)
	if err != nil {
		return nil, err
	}
	kept, err := at.keptOf(ctx, s.Data)
	return storageOf(s, kept), err
}

func storageOf(s backup.Status, kept keptAnswer) storageAnswer {
	a := storageAnswer{
		Data: s.Data, Size: s.Room.Size, Limit: s.Room.Limit, Reusable: s.Room.Reusable, Free: s.Room.Free,
		Left: s.Room.Left(), Mark: core.LowRoom, Low: s.Room.Low(), Spent: s.Room.Spent, Bare: s.Room.NoReserve,
		Captured: capturedRoom(s.Captured), Backups: s.Folder, keptAnswer: kept,
	}
	if s.Last != nil {
		last := backupOf(*s.Last, kept.bytes)
		a.Last = &last
	}
	if s.CutOff != nil {
		a.CutOff = &cutOff{At: moment(s.CutOff.At), By: s.CutOff.By, Folder: s.CutOff.Folder}
	}
	return a
}

func (a storageAnswer) rows() [][]string {
	var all facts
	all.add("data", a.Data)
	all.add("database", a.bytes(a.Size))
	all.add("limit", a.bytes(a.Limit))
	all.add("free on disk", a.bytes(a.Free))
	all.add("left", a.bytes(a.Left))
	all.add("low", yes(a.Low)+" (below "+a.bytes(a.Mark)+" left)")
	reserve := "kept"
	switch {
	case a.Spent:
		reserve = "given up: the disk or the limit was full"
	case a.Bare:
		reserve = "none kept for a full disk"
	}
	all.add("reserve", reserve)
	all.add("captured mail", strconv.Itoa(a.Captured.Mails)+", "+a.bytes(a.Captured.Bytes))
	all.add("backups", a.Backups)
	if a.Last == nil {
		all.add("last backup", "none")
	} else {
		all = append(all, a.Last.lastRows()...)
	}
	if a.CutOff != nil {
		all.add("cut off", "the backup of "+a.CutOff.At.String()+" by "+a.CutOff.By+" in "+a.CutOff.Folder)
	}
	return append(all, a.keptAnswer.rows()...)
}

// lastRows are the rows of the last backup, as the screen has them.
func (a backupAnswer) lastRows() [][]string {
	var all facts
	all.add("last backup", a.At.String()+" by "+a.By)
	all.add("last folder", a.Path)
	all.add("last size", a.size(a.Bytes)+" in "+strconv.Itoa(a.Files)+" files")
	all.add("last key file", yes(a.WithKey))
	if a.Findings > 0 {
		all.add("last findings", strconv.Itoa(a.Findings))
	}
	return all
}
