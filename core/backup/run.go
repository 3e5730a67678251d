package backup

import (
	"context"
	"strconv"
	"time"

	"willcall/core"
	"willcall/core/record"
)

// run is one try to make a backup. A program that was killed meanwhile leaves
// it without an end.
type run struct {
	By      string
	Begun   time.Time
	Folder  string // below which it is put
	WithKey bool
	Ended   time.Time
	Failed  core.Code // empty where it was made
	Path    string    // of the backup; empty where it failed
	Bytes   uint64
	Files   uint32
	// Findings counts what doesn't hold together in it.
	Findings uint32
}

const spaceRuns core.Space = "backups"

func runs() record.Table[run] {
	return record.NewTable(spaceRuns, core.KindBackup, record.New(
		record.Text(1, func(r *run) *string { return &r.By }),
		record.Time(2, func(r *run) *time.Time { return &r.Begun }),
		record.Text(3, func(r *run) *string { return &r.Folder }),
		record.Bool(4, func(r *run) *bool { return &r.WithKey }),
		record.Time(5, func(r *run) *time.Time { return &r.Ended }),
		record.Text(6, func(r *run) *core.Code { return &r.Failed }),
		record.Text(7, func(r *run) *string { return &r.Path }),
		record.Uint(8, func(r *run) *uint64 { return &r.Bytes }),
		record.Uint(9, func(r *run) *uint32 { return &r.Files }),
		record.Uint(10, func(r *run) *uint32 { return &r.Findings }),
	))
}

// made is the backup that a finished run left.
func (r run) made() Made {
	return Made{
		Path: r.Path, Folder: r.Folder, At: r.Begun, By: r.By, WithKey: r.WithKey,
		Findings: int(r.Findings),
		Bytes:    int64(r.Bytes), Files: int(r.Files), //nolint:gosec // written from an int64
	}
}

// ended puts what came of the run into it.
func (r run) ended(c Copied, failed error) run {
	if failed != nil {
		r.Failed = core.CodeOf(failed)
		return r
	}
	r.Path, r.Bytes, r.Files = c.Path, uint64(max(c.Bytes, 0)), uint32(max(c.Files, 0)) //nolint:gosec // a count of files
	r.Findings = uint32(max(c.Findings, 0))                                             //nolint:gosec // no more than are held at a time
	return r
}

// enter records that a backup is about to be made, before anything is read, and
// takes the turn for it.
func (s *Service) enter(ctx context.Context, req core.Request, w Wish, cancel context.CancelFunc) (t *turn, r run, err error) {
	t = &turn{cancel: cancel, progress: Progress{By: req.Actor.Name}}
	_, err = s.desk.Do(ctx, req, core.ActBackup, func(act *core.Act) error {
		if err := s.begin(t, act.At); err != nil {
			return err
		}
		r = run{By: req.Actor.Name, Begun: act.At, Folder: w.Folder, WithKey: w.WithKey}
		id, err := runs().Insert(act, core.Installation, r)
		if err != nil {
			return err
		}
		s.name(t, id)
		logRun(act, id, r, "begun")
		return nil
	})
	if err != nil {
		s.end(t)
	}
	return t, r, err
}

// settle records what came of a run, as the program's own work: who asked for it
// may have signed out, or be an owner no more.
func (s *Service) settle(ctx context.Context, id core.ID, r run) error {
	req := core.Request{Actor: core.Actor{Kind: core.ActorJob, Name: string(core.ActBackup)}}
	_, err := s.desk.Do(ctx, req, core.ActBackupSettle, func(act *core.Act) error {
		_, version, err := runs().Get(act, core.Installation, id)
		if err != nil {
			return err
		}
		r.Ended = act.At
		if _, err := runs().Save(act, core.Installation, id, version, r); err != nil {
			return err
		}
		state := "made"
		if r.Failed != "" {
			state = "failed"
		}
		logRun(act, id, r, state)
		return nil
	})
	return err
}

// logRun writes a run's line in the journal.
func logRun(act *core.Act, id core.ID, r run, state string) {
	details := []core.Detail{
		{Name: "state", Value: state},
		{Name: "by", Value: r.By},
		{Name: "folder", Value: r.Folder},
		{Name: "key", Value: strconv.FormatBool(r.WithKey)},
	}
	if r.Failed != "" {
		details = append(details, core.Detail{Name: "why", Value: string(r.Failed)})
	}
	if r.Path != "" {
		details = append(details, core.Detail{Name: "path", Value: r.Path},
			core.Detail{Name: "bytes", Value: strconv.FormatUint(r.Bytes, 10)})
	}
	if r.Findings > 0 {
		details = append(details, core.Detail{Name: "findings", Value: strconv.FormatUint(uint64(r.Findings), 10)})
	}
	ref := core.Ref{Kind: core.KindBackup, ID: id}
	act.Log(ref, details...)
	announce(act, ref)
}

// announce tells consoles of all institutions: what concerns a backup concerns
// all data.
func announce(act *core.Act, ref core.Ref) {
	act.Emit(core.Event{Institution: core.Installation, Subject: ref, Action: act.Action})
}

// newest finds the last backup that was finished, nil where there is none, and
// the newest of all where it has no end and this service doesn't make it.
func (s *Service) newest(v core.View) (last *Made, cutOff *Try, err error) {
	seen := false
	err = runs().Descend(v, core.Installation, 0, func(id core.ID, _ record.Version, r run) error {
		if !seen && r.Ended.IsZero() && !s.settles(id) {
			cutOff = &Try{At: r.Begun, By: r.By, Folder: r.Folder}
		}
		seen = true
		if r.Path == "" {
			return nil
		}
		made := r.made()
		last = &made
		return core.Stop
	})
	return last, cutOff, err
}
