package main

import (
	"fmt"
	"os/exec"
	"testing"

	tea "charm.land/bubbletea/v2"

	"willcall/ui/uitest"
)

// BenchmarkKeyToView is one key on the contacts page of the demo at 120x40, to
// the finished view. What the key asks of the store runs beside it and is not
// counted, as on a real screen.
func BenchmarkKeyToView(b *testing.B) {
	s := demo(b, 120, 40)
	s.signIn(operator)
	s.Press("down")
	keys := []tea.KeyPressMsg{{Code: tea.KeyDown}, {Code: tea.KeyUp}}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		model, _ := s.root.Update(keys[i%2])
		if model.View().Content == "" {
			b.Fatal("an empty view")
		}
	}
}

// BenchmarkKeyToAnswer is the same key with all that it asks of the store.
func BenchmarkKeyToAnswer(b *testing.B) {
	s := demo(b, 120, 40)
	s.signIn(operator)
	s.Press("down")
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		s.Press([]string{"down", "up"}[i%2])
	}
}

// BenchmarkRowMoveBytes is what a terminal gets for one row down, without and
// with the contact that is then read beside it.
func BenchmarkRowMoveBytes(b *testing.B) {
	s := demo(b, 120, 40)
	s.signIn(operator)
	s.Type("dupont")
	s.Press("down")
	for _, kind := range []string{"row", "row-and-contact"} {
		b.Run(kind, func(b *testing.B) {
			total, moves := 0, 0
			for b.Loop() {
				views := []tea.View{s.View()}
				for range 8 {
					cmd := s.Step(tea.KeyPressMsg{Code: tea.KeyDown})
					if kind == "row" {
						views = append(views, s.View())
					}
					s.Run(cmd)
					views = append(views, s.View())
				}
				r := uitest.Record(b, 120, 40, views...)
				for i, step := range r.Steps[1:] {
					if kind == "row-and-contact" || i%2 == 0 {
						total += len(step)
						moves++
					}
				}
				s.Press("home")
			}
			b.ReportMetric(float64(total)/float64(moves), "B/move")
		})
	}
}

// BenchmarkDemo fills the demo with contacts of a number.
func BenchmarkDemo(b *testing.B) {
	for _, n := range []int{demoContacts, 100_000} {
		b.Run(fmt.Sprintf("contacts=%d", n), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				s := newStory(b)
				b.StartTimer()
				s.fill(n)
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "contacts/s")
		})
	}
}

// BenchmarkStart is from nothing to the demo's first full frame: of the program
// on a terminal, as somebody sees it who starts it, and within this process.
func BenchmarkStart(b *testing.B) {
	b.Run("program", func(b *testing.B) {
		path, err := exec.LookPath("willcall")
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			term := uitest.Start(b, exec.Command(path, "demo"), 120, 40)
			term.WaitFor(demoPassword, patience)
			b.StopTimer()
			term.Press("ctrl+q")
			if code := term.Wait(patience); code != exitDone {
				b.Fatalf("exit code %d", code)
			}
			b.StartTimer()
		}
	})
	b.Run("process", func(b *testing.B) {
		for b.Loop() {
			if s := demo(b, 120, 40); !s.Frame().Contains("Address") {
				b.Fatalf("no page to sign in\n%s", s.Frame())
			}
		}
	})
}
