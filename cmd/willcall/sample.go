package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/testdata"
)

// sampleSeed makes every demo alike.
const sampleSeed = 20260914

// sampler makes contacts that look like a box office's, in groups. It is
// deterministic: the same time and the same calls give the same contacts.
type sampler struct {
	dice     *rand.Rand
	cultures []culture
	now      time.Time
	locals   map[string]int // how often a local part was given
}

func newSampler(now time.Time) (*sampler, error) {
	raw, err := testdata.Sample.ReadFile("sample/people.txt")
	if err != nil {
		return nil, fmt.Errorf("read the sample names: %w", err)
	}
	cultures, err := parsePeople(raw)
	if err != nil {
		return nil, err
	}
	dice := rand.New(rand.NewPCG(sampleSeed, 0)) //nolint:gosec // sample data, no secret
	return &sampler{dice: dice, cultures: cultures, now: now, locals: map[string]int{}}, nil
}

// below rolls 0 to n-1.
func (s *sampler) below(n int) int { return s.dice.IntN(n) }

// chance is true that often in a hundred.
func (s *sampler) chance(percent int) bool { return s.below(100) < percent }

// rank rolls 0 to n-1 as Zipf and Mandelbrot have it: rank k is as common as
// 1/(k+flat).
func (s *sampler) rank(n int) int {
	const flat = 4 // so that the first isn't half of a short list
	span := float64(n+flat) / flat
	return int(flat*math.Pow(span, s.dice.Float64())) - flat
}

// pick takes any of a list, common one of its first.
func pick[T any](s *sampler, list []T) T { return list[s.below(len(list))] }

func common[T any](s *sampler, list []T) T { return list[s.rank(len(list))] }

// culture rolls by the blocks' shares.
func (s *sampler) culture() culture {
	roll := s.below(100)
	for _, c := range s.cultures {
		if roll -= c.share; roll < 0 {
			return c
		}
	}
	return s.cultures[0]
}

// first is a first name, sometimes a double one.
func (s *sampler) first(c culture) name {
	one := common(s, c.first)
	if len(c.stem) == 0 || !s.chance(6) {
		return one
	}
	two := pick(s, c.first)
	return name{one.shown + "-" + two.shown, one.latin + "-" + two.latin}
}

// last is a surname: a few very common ones and a long tail.
func (s *sampler) last(c culture) name {
	i := s.rank(len(c.last) + len(c.stem)*len(c.ending))
	if i < len(c.last) {
		return c.last[i]
	}
	i -= len(c.last)
	made := c.stem[i%len(c.stem)] + c.ending[i/len(c.stem)]
	return name{made, made}
}

// age is how long ago somebody was entered: 60 in a hundred within two years,
// 25 within five, 15 before.
func (s *sampler) age() time.Duration {
	const year = 365 * 24
	from, to := 0, 2*year
	if roll := s.below(100); roll >= 85 {
		from, to = 5*year, 12*year
	} else if roll >= 60 {
		from, to = 2*year, 5*year
	}
	return time.Duration(from+s.below(to-from)) * time.Hour
}

// since rolls a time between t and now.
func (s *sampler) since(t time.Time) time.Time {
	span := max(int(s.now.Sub(t)/time.Minute), 1)
	return t.Add(time.Duration(s.below(span)) * time.Minute)
}

// entered is a contact of a culture without names yet.
func (s *sampler) entered(kind core.ContactKind, c culture) contacts.Contact {
	made := s.now.Add(-s.age())
	return contacts.Contact{
		Kind: kind, Language: c.language, Phones: s.phones(c), Postals: s.postals(c), OptOuts: s.optOuts(),
		Notes: s.notes(), Created: made, CreatedBy: sampleName, Changed: made,
	}
}

// person is one individual with an address and orders.
func (s *sampler) person(c culture) contacts.Contact { return s.named(c, s.last(c)) }

// named is a person with a surname.
func (s *sampler) named(c culture, last name) contacts.Contact {
	p := s.entered(core.ContactIndividual, c)
	first := s.first(c)
	p.FirstName, p.LastName, p.Birth = first.shown, last.shown, s.birth(18, 90)
	s.email(&p, first.latin+"."+last.latin)
	s.orders(&p)
	return p
}

// orders gives most older contacts orders; a guest was made by one.
func (s *sampler) orders(c *contacts.Contact) {
	share := 35
	if s.now.Sub(c.Created) > 365*24*time.Hour {
		share = 80
	}
	if c.HasOrders = c.Guest || s.chance(share); c.HasOrders {
		c.LastOrder = s.since(c.Created)
	}
	if c.Email.Status == core.EmailValidated && !c.Guest && s.chance(60) {
		c.LastSignIn = s.since(c.Created)
	}
}

// birth is known of about half.
func (s *sampler) birth(youngest, oldest int) core.Date {
	if s.chance(45) {
		return 0
	}
	years := youngest + s.below(oldest-youngest)
	return core.DateOf(s.now.AddDate(-years, 0, -s.below(365)))
}

func (s *sampler) phones(c culture) []contacts.Phone {
	var all []contacts.Phone
	for _, use := range []contacts.PhoneUse{contacts.PhoneMobile, contacts.PhoneHome} {
		if s.chance(55) {
			all = append(all, contacts.Phone{Use: use, Number: s.digits(pick(s, c.phone))})
		}
	}
	return all
}

// digits puts one in the place of every #.
func (s *sampler) digits(pattern string) string {
	return strings.Map(func(r rune) rune {
		if r == '#' {
			return []rune("0123456789")[s.below(10)]
		}
		return r
	}, pattern)
}

func (s *sampler) postals(c culture) []contacts.Postal {
	if s.chance(5) {
		return nil
	}
	all := []contacts.Postal{s.postal(contacts.PostalHome, c)}
	if s.chance(10) {
		all = append(all, s.postal(pick(s, contacts.PostalUses()[1:]), c))
	}
	return all
}

func (s *sampler) postal(use contacts.PostalUse, c culture) contacts.Postal {
	code, city := splitCity(pick(s, c.city))
	return contacts.Postal{
		Use: use, Street: fmt.Sprintf("%d %s", 1+s.below(180), pick(s, c.street)),
		PostalCode: code, City: city, Country: c.country,
	}
}

// splitCity parts "EC2A 4NE London": the code is every word with a digit.
func splitCity(line string) (code, city string) {
	words := strings.Fields(line)
	i := 0
	for i < len(words)-1 && strings.ContainsAny(words[i], "0123456789") {
		i++
	}
	return strings.Join(words[:i], " "), strings.Join(words[i:], " ")
}

func (s *sampler) optOuts() contacts.OptOuts {
	var out contacts.OptOuts
	if s.chance(12) {
		out |= pick(s, contacts.AllOptOuts())
	}
	if s.chance(4) {
		out |= contacts.NoEmail | contacts.NoText
	}
	return out
}

func (s *sampler) notes() string {
	if !s.chance(7) {
		return ""
	}
	return pick(s, []string{
		"Prefers an aisle seat.", "Uses a wheelchair: row A, seats 1 to 4.", "Calls in the evening only.",
		"Subscriber since the old house.\nKeeps the same seats every season.", "Pays by invoice.",
		"Asks for programmes in large print.", "Sits with the choir's friends.",
	})
}

// email gives a contact an address of one of the statuses: 10 in a hundred have
// none, 5 are guests, 5 come from single sign-on, half are validated.
func (s *sampler) email(c *contacts.Contact, local string) {
	roll := s.below(100)
	if roll < 10 {
		return
	}
	typed := s.address(local)
	email, _, err := c.Email.ChangeTo(typed, c.Created)
	if err != nil {
		return
	}
	c.Email = email
	switch {
	case roll < 15:
		c.Guest = true
	case roll < 20:
		c.SSO = "venue-id:" + typed
		c.Email = email.Validate(core.Proof{How: core.ProofSSO, At: c.Created, By: "identity provider"})
	case roll < 68:
		c.Email = email.Validate(core.Proof{How: core.ProofLink, At: c.Created.Add(time.Hour), By: c.Name()})
	}
}

// address is one that nobody was given before.
func (s *sampler) address(local string) string {
	hosts := []string{"mail.example", "post.example", "orange.example", "inbox.example", "free.example"}
	local = addressLetters(local)
	s.locals[local]++
	if n := s.locals[local]; n > 1 {
		local = fmt.Sprintf("%s%d", local, n)
	}
	return local + "@" + common(s, hosts)
}

// addressLetters keeps what a local part may hold, folded.
func addressLetters(s string) string {
	var b strings.Builder
	for _, r := range core.Fold(s) {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9', r == '-', r == '.':
			b.WriteRune(r)
		}
	}
	local := strings.Trim(b.String(), ".")
	return strings.ReplaceAll(local[:min(len(local), 40)], "..", ".")
}
