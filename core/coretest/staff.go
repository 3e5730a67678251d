package coretest

import (
	"strings"

	"willcall/core"
	"willcall/core/operators"
)

// Member is an operator as the local user sees them, whoever asks.
func (h *House) Member(id core.ID) operators.Member {
	h.T.Helper()
	staff, err := h.Operators.Staff(h.Ctx, h.Owner)
	h.Must(err)
	for _, m := range staff.Members {
		if m.ID == id {
			return m
		}
	}
	h.T.Fatalf("operator %d isn't there", id)
	return operators.Member{}
}

// Code delivers all mail that is due and gives the code in the newest that has
// one.
func (h *House) Code() string {
	h.T.Helper()
	code := ""
	for _, w := range h.Mails() {
		if c, ok := w.Values["code"]; ok {
			code = c
		}
	}
	if code == "" {
		h.T.Fatal("no mail has a code")
	}
	return code
}

// Told are the texts of all mails that are due to an address, in their order,
// which it delivers.
func (h *House) Told(address string) (texts []string) {
	h.T.Helper()
	for _, w := range h.Mails() {
		if w.To == address && strings.HasPrefix(w.System, "security.") {
			texts = append(texts, strings.TrimPrefix(w.System, "security."))
		}
	}
	return texts
}

// Delivers gives the house a mail server that took a test mail to an address.
func (h *House) Delivers(to string) {
	h.T.Helper()
	h.GoLive()
	h.Delivered(to)
}

// GoLiveAgain saves the house's mail server anew: what was tested holds no more.
func (h *House) GoLiveAgain() {
	h.T.Helper()
	now, err := h.Servers.Show(h.Ctx, h.Owner)
	h.Must(err)
	_, err = h.Servers.Save(h.Ctx, h.Owner, now.Version, MailServer())
	h.Must(err)
}

// Delivered lets the house's mail server take a test mail to an address.
func (h *House) Delivered(to string) {
	h.T.Helper()
	_, err := h.Servers.Test(h.Ctx, h.Owner, MailServer(), "tickets@opera.tests", to)
	h.Must(err)
}
