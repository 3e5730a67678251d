package contacts_test

import (
	"testing"

	"willcall/core"
	"willcall/core/contacts"
)

// TestAPhoneIsFoundHoweverItIsDialled: a caller's number comes with its country
// code, and is stored as somebody once typed it.
func TestAPhoneIsFoundHoweverItIsDialled(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		stored      string
		found, lost []string
	}{
		{
			"079 555 14 07",
			[]string{"+41 79 555 14 07", "+41795551407", "0041795551407", "00 41 79 555 14 07", "+41 (0)79 555 14 07", "+41 79 555", "079 555", "79 555", "1407"},
			[]string{"+41", "+41 79", "+41 79 555 14 08", "+41 95 551 407", "+33 1 79 55 51 40 07", "0041 22 555 14 07"},
		},
		{
			"+41 79 555 14 07",
			[]string{"079 555 14 07", "0795551407", "79 555", "079 55", "079", "+4", "+41", "+41 7", "+41 79", "0041 79 555 14 07", "41 79 555 14 07"},
			[]string{"+33 79 555 14 07", "+1 795 551 407", "+42", "079 556", "+4179 556"},
		},
		{"+41 (0)22 418 30 07", []string{"022 418 30 07", "+41 22 418 30 07", "+41 (0)22 418", "0041 22 418 30 07", "41224183007"}, []string{"+41 (0)22 419"}},
		{"0041 22 418 30 07", []string{"+41 22 418 30 07", "+41 22", "022 418 30 07", "004122418"}, []string{"+33 22 418 30 07"}},
		{"41 79 555 14 07", []string{"+41 79 555 14 07"}, []string{"+41 79"}},
		{"01 42 68 53 00", []string{"+33 1 42 68 53 00", "0033142685300", "+33 1 42 68", "142685300"}, []string{"+33 1 43 68 53 00", "+33 1"}},
		{"+33 (0)1.42.68.53.00", []string{"01 42 68 53 00", "0142685300", "01 42"}, []string{"+41 1 42 68 53 00"}},
		{"030/901820", []string{"+49 30 901820", "+49 (0)30 90 18 20", "004930901820", "+49 30 9018"}, []string{"+49 89 901820"}},
		{"+49 170 1234567", []string{"0170 1234567", "0170/123 45 67", "01701234567"}, []string{"+43 170 1234567"}},
		{"020 7946 0018", []string{"+44 20 7946 0018", "+442079460018", "0044 20 7946 0018"}, []string{"+44 161 946 0018"}},
		{"+44 7700 900123", []string{"07700 900123", "07700900123", "7700 900123"}, []string{"+353 7700 900123"}},
		{"(212) 555-0123", []string{"+1 212 555 0123", "+12125550123", "001 212 555 0123", "212-555-0123"}, []string{"+1 212 555 0124"}},
		{"+1 (212) 555-0123", []string{"(212) 555-0123", "212.555.0123", "1-212-555-0123", "+1212"}, []string{"+12 125 550 123 4"}},
		{"+352 26 20 12 34", []string{"26 20 12 34", "+352", "00352 26 20 12 34"}, []string{"+353 26 20 12 34"}},
		{"26 20 12 34", []string{"+352 26 20 12 34"}, []string{"+352 6 20 12 34"}},
		{"117", []string{"117"}, []string{"+41 117"}},
	} {
		t.Run(tt.stored, func(t *testing.T) {
			t.Parallel()
			store := shelf(t)
			c := person("Marie", "Dupont", "")
			c.Phones = []contacts.Phone{{Use: contacts.PhoneMobile, Number: tt.stored}}
			plant(t, store, house, c)
			for name, f := range finders() {
				matching := func(text string) int { return find(t, f, store, house, contacts.Query{Text: text}).Matches }
				for _, text := range tt.found {
					if matching(text) != 1 {
						t.Errorf("%s: %q doesn't find it", name, text)
					}
				}
				for _, text := range tt.lost {
					if matching(text) != 0 {
						t.Errorf("%s: %q finds it", name, text)
					}
				}
			}
		})
	}
}

func TestACallersNumberStandsBesideAName(t *testing.T) {
	t.Parallel()
	finding(t, map[string]search{
		"the number after the name":  {"lycee +41795552019", []core.ID{4}},
		"the number before the name": {"+41795552019 lycee", []core.ID{4}},
		"of somebody else":           {"dupont +41795552019", nil},
		"in full width digits":       {"＋41 79 555 20 19", []core.ID{4}},
		"after blanks":               {"  +41 79 555 20 19 ", []core.ID{4}},
	})
}
