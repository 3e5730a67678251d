// Package setup makes institutions with all they need to send a first
// validation mail, each in one act: the first one with its owner, more for an
// owner.
package setup

import (
	"context"
	"fmt"
	"io"

	"willcall/core"
	"willcall/core/operators"
	"willcall/core/venue"
)

// Draft is what the set-up asks for.
type Draft struct {
	Institution venue.InstitutionDraft
	SenderName  string // empty for the institution's name
	Sender      string
	SignInURL   string
	OwnerName   string
	OwnerEmail  string
	Password    string
}

// Names are the words that the first organisation, channel, point of sale and
// documents get, in the owner's language, and the documents' texts.
type Names struct {
	Organisation string
	Channel      string
	PointOfSale  string
	Document     string // the verification document
	Texts        []venue.Text
	Notice       string // the address changed notice
	NoticeTexts  []venue.Text
}

// Service does the set-up. It is safe for concurrent use.
type Service struct {
	desk   *core.Desk
	store  core.Store
	hasher *operators.Hasher
	random io.Reader
	names  func(language string) Names
}

// NewService makes a service; names come from the catalogue.
func NewService(desk *core.Desk, store core.Store, hasher *operators.Hasher, random io.Reader, names func(language string) Names) *Service {
	return &Service{desk: desk, store: store, hasher: hasher, random: random, names: names}
}

// Needed reports whether there is no owner yet.
func (s *Service) Needed(ctx context.Context) (bool, error) {
	var found bool
	err := s.store.View(ctx, func(v core.View) (err error) {
		found, err = operators.Any(v)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("look for an owner: %w", err)
	}
	return !found, nil
}

// Made is what the set-up left.
type Made struct {
	Institution  core.ID
	Organisation core.ID
	PointOfSale  core.ID
	Document     core.ID // the verification document
	Notice       core.ID // the address changed notice
	Owner        core.ID
}

// Do makes the institution, one organisation, one Internet B2C channel, one
// running point of sale, one active document of each kind and the owner, or
// nothing. Fields are those of the parts: "name", "language", "time-zone",
// "portal-url", "link-hours", "sender-name", "sender", "sign-in-url",
// "owner-name", "owner-address", "password". It fails with [core.CodeSetUp]
// where there is an owner.
func (s *Service) Do(ctx context.Context, d Draft) (Made, error) {
	if err := operators.CheckPassword(d.Password, "willcall", d.Institution.Name, d.OwnerName, d.OwnerEmail); err != nil {
		return Made{}, err
	}
	hash, err := s.hasher.Hash(ctx, s.random, d.Password)
	if err != nil {
		return Made{}, err
	}
	var made Made
	req := core.Request{Actor: core.Actor{Kind: core.ActorSetup, Name: "set-up"}}
	_, err = s.desk.Do(ctx, req, core.ActSetUp, func(act *core.Act) (err error) {
		made, err = s.Fill(act, d, hash)
		return err
	})
	if err != nil {
		return Made{}, err
	}
	return made, nil
}

// Fill does the set-up in the caller's act, which from here on is about the
// new institution. hash is the owner's hashed password.
func (s *Service) Fill(act *core.Act, d Draft, hash string) (made Made, err error) {
	if made.Institution, err = venue.CreateInstitution(act, d.Institution); err != nil {
		return made, err
	}
	act.Req.Institution = made.Institution
	language := core.Languages()[0]
	add := AddDraft{Institution: d.Institution, SenderName: d.SenderName, Sender: d.Sender, SignInURL: d.SignInURL}
	if err = s.furnish(act, &made, add, language); err != nil {
		return made, err
	}
	made.Owner, err = operators.CreateOwner(act, operators.OwnerDraft{
		Name: d.OwnerName, Address: d.OwnerEmail, Language: language, Password: hash,
	})
	announce(act, d.Institution.Name)
	return made, err
}

// announce logs and tells of the act's institution.
func announce(act *core.Act, name string) {
	ref := core.Ref{Kind: core.KindInstitution, ID: act.Req.Institution}
	act.Log(ref, core.Detail{Name: "name", Value: core.CleanLine(name)})
	act.EmitFor(ref)
}
