package signin_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/operators"
	"willcall/ui/uitest"
)

const expectsCode = "6 digits from your app"

func TestR68_APasswordLeadsToTheCode(t *testing.T) {
	t.Parallel()
	st := faked(t, asks())
	st.enter(coretest.OwnerAddress, "whatever it is")
	st.Want(expectsCode, "Asked for a code you don’t", coretest.OwnerAddress)
	st.KeysAreClear()
	st.Press("esc")
	st.Want("Your operator’s address", coretest.OwnerAddress)
	st.Without(expectsCode)
}

func TestTabGoesRoundTheOtherWays(t *testing.T) {
	t.Parallel()
	st := faked(t, asks())
	st.house.GoLive()
	for _, want := range []string{"The code of an invitation", "A code to", "I have a code"} {
		st.Press("tab")
		st.Want(want)
		st.KeysAreClear()
	}
	st.enter(coretest.OwnerAddress, "whatever it is")
	for _, want := range []string{"One of your ten recovery codes", "enter mails", expectsCode} {
		st.Press("tab")
		st.Want(want)
		st.KeysAreClear()
	}
	st.Press("tab", "tab", "esc")
	st.Want(expectsCode)
}

func TestBehindAnAddressTabGoesOn(t *testing.T) {
	t.Parallel()
	st := faked(t, asks())
	st.Type(coretest.OwnerAddress)
	st.Press("tab")
	st.Want("Your password")
	st.Press("tab", "tab")
	st.Want("A code to", coretest.OwnerAddress)
	st.Press("esc")
	st.Want("Your password")
}

func TestWhatIsMissingIsSaidInPlace(t *testing.T) {
	t.Parallel()
	st := faked(t, asks())
	st.Press("enter")
	st.Want("Type your address first")
	st.Type("   ")
	st.Press("enter")
	st.Want("Type your address first")
	st.Press("backspace", "backspace", "backspace", "tab", "enter")
	st.Want("Type the code of the mail first")
	st.Press("tab", "enter")
	st.Want("Type your address first")
	st.Press("esc")
	st.Type(coretest.OwnerAddress)
	st.Press("enter", "enter")
	st.Want("Type your password first")
}

func TestACodeIsTakenAsPeopleWriteIt(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{"418204", "418 204", "418-204", " 418\u00a0204\n", "4 1 8 – 2 0 4"} {
		t.Run(typed, func(t *testing.T) {
			t.Parallel()
			got, s := "", asks()
			s.answer = func(_ context.Context, a operators.Answer) (operators.SignedIn, error) {
				got = a.Code
				return operators.SignedIn{}, core.Refuse(core.CodeSignIn)
			}
			st := faked(t, s)
			st.enter(coretest.OwnerAddress, "whatever it is")
			st.Paste(typed)
			st.Without("418", "204") // never in clear
			st.Press("enter")
			if got != "418204" {
				t.Errorf("asked for %q", got)
			}
		})
	}
}

func TestNoCodeIsWrongToo(t *testing.T) {
	t.Parallel()
	asked, s := 0, asks()
	s.answer = func(context.Context, operators.Answer) (operators.SignedIn, error) {
		asked++
		return operators.SignedIn{}, core.Refuse(core.CodeSignIn)
	}
	st := faked(t, s)
	st.enter(coretest.OwnerAddress, "whatever it is")
	st.Press("enter")
	if st.Want(refusal); asked != 1 {
		t.Error("it was not asked for")
	}
	st.Press("tab", "enter") // no recovery code either
	st.Want(refusal)
}

func TestAnAttemptThatIsOverBeginsAgain(t *testing.T) {
	t.Parallel()
	s := asks()
	s.answer = func(context.Context, operators.Answer) (operators.SignedIn, error) {
		return operators.SignedIn{}, core.Refuse(core.CodeAttemptOver)
	}
	st := faked(t, s)
	st.enter(coretest.OwnerAddress, "whatever it is")
	st.Type("1")
	st.Press("enter")
	st.Want("This sign-in took too long", "Password", coretest.OwnerAddress)
	st.Without("Code", "•")
}

func TestEscGivesUpWhatGoesOn(t *testing.T) {
	t.Parallel()
	s := asks()
	s.answer = func(ctx context.Context, _ operators.Answer) (operators.SignedIn, error) {
		if ctx.Err() == nil {
			return operators.SignedIn{}, errors.New("it wasn't cancelled")
		}
		return operators.SignedIn{}, ctx.Err()
	}
	st := faked(t, s)
	st.enter(coretest.OwnerAddress, "whatever it is")
	st.Type("418204")
	answer := st.Step(pressEnter())
	st.Want("Checking the code…", "cancel")
	st.KeysAreClear()
	st.Type("early")
	st.Press("esc")
	st.Want(expectsCode)
	st.Without("•")
	st.Run(answer)
	st.Want(expectsCode)
	st.Without("cancelled", "Stopped")
}

func TestASessionThatNobodyWaitsForIsEnded(t *testing.T) {
	t.Parallel()
	for name, late := range map[string]bool{"while it opened": false, "before it was heard of": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var st *stage
			var ended []core.ID
			s := asks()
			s.answer = func(context.Context, operators.Answer) (operators.SignedIn, error) {
				if !late {
					st.Step(pressEsc())
				}
				in, err := coretest.SignIn(st.house.Ctx, st.house.Operators, coretest.OwnerAddress, coretest.Password)
				return in, err
			}
			s.signOut = func(req core.Request) error {
				ended = append(ended, req.Session)
				return nil
			}
			st = faked(t, s)
			st.enter(coretest.OwnerAddress, "whatever it is")
			answer := st.Step(pressEnter())
			if late {
				st.race(answer, pressEsc())
			} else {
				st.Run(answer)
			}
			st.Want(expectsCode)
			if len(ended) != 1 || ended[0] == 0 || st.Session.SignedIn() {
				t.Errorf("ended %v, signed in %v", ended, st.Session.SignedIn())
			}
		})
	}
}

func pressEnter() tea.Msg { return tea.KeyPressMsg{Code: tea.KeyEnter} }

func pressEsc() tea.Msg { return tea.KeyPressMsg{Code: tea.KeyEscape} }

// race runs a command, and does something else before its answer is heard of.
func (st *stage) race(cmd tea.Cmd, first tea.Msg) {
	answer := cmd()
	st.Send(first)
	st.Send(answer)
}

func TestKeysBeforeTheCodeIsAskedForAreDropped(t *testing.T) {
	t.Parallel()
	st := faked(t, asks())
	st.Type(coretest.OwnerAddress)
	st.Press("enter")
	st.Type("whatever it is")
	answer := st.Step(pressEnter())
	st.Type("early")
	st.Run(answer)
	st.Want(expectsCode)
	st.Without("•")
}

func TestR54_ToRememberTheDeviceIsAChoice(t *testing.T) {
	t.Parallel()
	var got operators.Answer
	s := asks()
	s.answer = func(_ context.Context, a operators.Answer) (operators.SignedIn, error) {
		got = a
		return operators.SignedIn{}, core.Refuse(core.CodeSignIn)
	}
	st := faked(t, s)
	st.page.At(known{token: "token"})
	st.enter(coretest.OwnerAddress, "whatever it is")
	st.Want("Remember", "↓ remember")
	st.Type("418204")
	st.Press("enter")
	if got.Remember || s.from.Device.Token != "" {
		t.Error("remembered unasked")
	}
	st.Press("down", "space")
	st.Want("For 30 days this device needs no mailed code")
	st.KeysAreClear()
	st.Press("up")
	st.Type("418204")
	st.Press("enter")
	if !got.Remember || s.from.Device.Token != "token" || got.Code != "418204" {
		t.Errorf("answered %+v from %+v", got, s.from)
	}
	st.Press("esc", "enter")
	st.Type("whatever it is")
	st.Press("enter", "enter") // another attempt asks anew
	if got.Remember {
		t.Error("the choice outlived its attempt")
	}
}

func TestADeviceThatCannotBeRememberedKeepsNobodyOut(t *testing.T) {
	t.Parallel()
	var st *stage
	s := asks()
	s.answer = func(context.Context, operators.Answer) (operators.SignedIn, error) {
		in, err := coretest.SignIn(st.house.Ctx, st.house.Operators, coretest.OwnerAddress, coretest.Password)
		in.RecoveryLeft = 2
		return in, err
	}
	st = faked(t, s)
	st.page.At(known{})
	st.enter(coretest.OwnerAddress, "whatever it is")
	st.Press("down", "space", "enter")
	st.Want("Olga Brunner", "could not be remembered", "You have 2 recovery codes left")
}

func TestACodeIsMailedOnceMore(t *testing.T) {
	t.Parallel()
	s := asks()
	asked := 0
	s.mail = func() (time.Time, error) {
		if asked++; asked > 1 {
			return time.Time{}, core.Refuse(core.CodeCoolDown).With("ago", "10 s ago").With("from", coretest.Start().Add(2*time.Minute).Format(time.RFC3339))
		}
		return coretest.Start().Add(time.Minute), nil
	}
	st := faked(t, s)
	st.house.GoLive()
	st.enter(coretest.OwnerAddress, "whatever it is")
	st.Press("tab", "tab", "enter")
	st.Want("If a mailed code is what you sign in with, one is", "Again from", "Code")
	st.Press("tab", "tab")
	st.Want("enter mails", "another. Again from")
	st.Press("enter")
	st.Want("Not yet. Ask for a code again from " + coretest.Start().Add(2*time.Minute).Format("15:04 MST"))
	st.Without("ago")
	st.Type("x") // there is nothing to type
	st.Press("tab")
	st.Without("•")
}

func TestTheLastCodeThatIsMailedSaysSo(t *testing.T) {
	t.Parallel()
	s := asks()
	asked := 0
	s.mail = func() (time.Time, error) {
		if asked++; asked > 1 {
			return time.Time{}, core.Refuse(core.CodeTooMany).With("max", "3")
		}
		return time.Time{}, nil
	}
	st := faked(t, s)
	st.house.GoLive()
	st.enter(coretest.OwnerAddress, "whatever it is")
	st.Press("tab", "tab", "enter")
	st.Want("It is the last one")
	st.Press("tab", "tab", "enter")
	st.Want("No more codes are mailed")
}

func TestWhatIsWrongWithANewPasswordStandsAtIt(t *testing.T) {
	t.Parallel()
	s := asks()
	s.look = func(string) (operators.Taken, error) {
		return operators.Taken{Name: "Mia", Address: "mia@opera.example"}, nil
	}
	s.takeUp = func(string, string) (string, error) {
		return "", core.RefuseField(core.CodePassword, "password").With("sentence", "password.plain")
	}
	st := faked(t, s)
	st.Press("tab")
	st.Type("ABCD")
	st.Press("enter")
	for range 2 {
		st.Type(coretest.Password)
		st.Press("enter")
	}
	st.Want("The password is little", "Mia")
}

func TestAOneTimeCodeLeadsToANewPassword(t *testing.T) {
	t.Parallel()
	s := asks()
	var got [2]string
	s.look = func(code string) (operators.Taken, error) {
		if code != "ABCD-EFGH-JKMN-PQRS" {
			return operators.Taken{}, core.Refuse(core.CodeOneTime)
		}
		return operators.Taken{Name: "Mia Keller", Address: "mia@opera.example", Invitation: true}, nil
	}
	s.takeUp = func(code, password string) (string, error) {
		got = [2]string{code, password}
		return "mia@opera.example", nil
	}
	st := faked(t, s)
	st.Press("tab")
	st.Type("nonsense")
	st.Press("enter")
	st.Want("This code is not known")
	st.Without("•", "nonsense")
	st.Paste("ABCD-EFGH-JKMN-PQRS")
	st.Without("ABCD")
	st.Press("enter")
	st.Want("Mia Keller, mia@opera.example", "Choose a password: 15")
	st.KeysAreClear()
	st.Press("enter", "enter")
	st.Want("Type a new password first")
	st.Type("short")
	st.Press("enter")
	st.Want("The password is too short")
	st.Press("tab")
	st.Type(" no more than that")
	st.Press("enter", "enter")
	st.Want("Type the new password once more")
	st.Type("something else")
	st.Press("enter")
	st.Want("These two are not the same")
	for range "something else" {
		st.Press("backspace")
	}
	st.Type("short no more than that")
	st.Without("short no", "something")
	st.KeysAreClear()
	st.Press("enter")
	st.Want(expectsCode, "mia@opera.example") // the factor is still asked for
	if got != [2]string{"ABCD-EFGH-JKMN-PQRS", "short no more than that"} {
		t.Errorf("taken up with %q", got)
	}
}

func TestACodeThatIsSpentMeanwhileIsTypedAnew(t *testing.T) {
	t.Parallel()
	s := asks()
	s.look = func(string) (operators.Taken, error) {
		return operators.Taken{Name: "Mia", Address: "mia@opera.example"}, nil
	}
	s.takeUp = func(string, string) (string, error) { return "", core.Refuse(core.CodeOneTime) }
	st := faked(t, s)
	st.Press("tab")
	st.Type("ABCD")
	st.Press("enter")
	st.Type(coretest.Password)
	st.Press("enter")
	st.Type(coretest.Password)
	st.Press("enter")
	st.Want("This code is not known", "I have a code")
	st.Without("•", "Mia")
}

func TestAForgottenPasswordIsResetByMail(t *testing.T) {
	t.Parallel()
	s := asks()
	got := ""
	s.forgot = func(address string) error {
		got = address
		return nil
	}
	st := faked(t, s)
	st.Press("tab", "tab")
	st.Type("mia@opera.example")
	st.Press("enter")
	if st.Want("If an operator has this address", "Code"); got != "mia@opera.example" {
		t.Errorf("asked for %q", got)
	}
}

func TestANewPasswordThatCannotSignInYetIsSaid(t *testing.T) {
	t.Parallel()
	s := asks()
	s.look = func(string) (operators.Taken, error) {
		return operators.Taken{Name: "Mia", Address: "mia@opera.example"}, nil
	}
	s.takeUp = func(string, string) (string, error) { return "mia@opera.example", nil }
	s.begin = func(context.Context, string, string) (operators.Begun, error) {
		return operators.Begun{}, core.Refuse(core.CodeBusy)
	}
	st := faked(t, s)
	st.Press("tab")
	st.Type("ABCD")
	st.Press("enter")
	for range 2 {
		st.Type(coretest.Password)
		st.Press("enter")
	}
	st.Want("Too much is going on", "Password", "mia@opera.example")
}

func TestThePageSpeaksFrench(t *testing.T) {
	t.Parallel()
	st := faked(t, asks())
	st.Press("f2")
	st.Want("Votre adresse d’opérateur", "Adresse")
	st.enter(coretest.OwnerAddress, "whatever it is")
	st.Want("Les 6 chiffres", "Mémoriser")
	st.Press("f2")
	st.Want(expectsCode, "Remember")
}

// TestStepsAsTheyLook holds each step at the smallest and the usual size.
func TestStepsAsTheyLook(t *testing.T) {
	t.Parallel()
	s := asks()
	s.look = func(string) (operators.Taken, error) {
		return operators.Taken{Name: "Mia Keller", Address: "mia@opera.example", Invitation: true}, nil
	}
	s.answer = func(context.Context, operators.Answer) (operators.SignedIn, error) {
		return operators.SignedIn{}, core.Refuse(core.CodeSignIn)
	}
	for name, play := range map[string]func(*stage){
		"address":  func(*stage) {},
		"password": func(st *stage) { st.Type(coretest.OwnerAddress); st.Press("enter"); st.Type("abc") },
		"code":     func(st *stage) { st.enter(coretest.OwnerAddress, "x"); st.Type("418") },
		"wrong":    func(st *stage) { st.enter(coretest.OwnerAddress, "x"); st.Press("enter") },
		"recovery": func(st *stage) { st.enter(coretest.OwnerAddress, "x"); st.Press("tab") },
		"mail":     func(st *stage) { st.house.GoLive(); st.enter(coretest.OwnerAddress, "x"); st.Press("tab", "tab") },
		"one-time": func(st *stage) { st.Press("tab") },
		"choose": func(st *stage) {
			st.Press("tab")
			st.Type("ABCD")
			st.Press("enter")
			st.Type("short")
			st.Press("enter")
		},
		"forgot": func(st *stage) { st.Press("tab", "tab") },
	} {
		for _, size := range [][2]int{{40, 10}, {80, 24}} {
			t.Run(fmt.Sprintf("%s-%dx%d", name, size[0], size[1]), func(t *testing.T) {
				t.Parallel()
				own := *s // what it notes is this stage's
				st := faked(t, &own)
				st.Resize(size[0], size[1])
				play(st)
				uitest.Golden(t, strings.ReplaceAll(name, " ", "-")+fmt.Sprintf("-%dx%d", size[0], size[1]), st.Frame())
			})
		}
	}
}
