package signin_test

import (
	"testing"

	"willcall/core/coretest"
)

// TestR89_TheStepsSayCaptured while nobody delivers mail, and to everybody alike.
func TestR89_TheStepsSayCaptured(t *testing.T) {
	t.Parallel()
	s := asks()
	s.forgot = func(string) error { return nil }
	st := faked(t, s)
	st.enter(coretest.OwnerAddress, "whatever it is")
	st.Want("6 digits from your app. Asked", "recovery code")
	st.Without("mail me a code", "from a mail")
	st.Press("esc", "enter", "tab", "tab", "enter")
	st.Want("captured. Type the code")
	st.Without("on its way")

	live := faked(t, s)
	live.house.GoLive()
	live.enter(coretest.OwnerAddress, "whatever it is")
	live.Want("6 digits from your app, or from a mail.", "mail me a code")
	live.Press("esc", "enter", "tab", "tab", "enter")
	live.Want("on its way. Type the code")
}
