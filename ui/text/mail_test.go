package text

import "testing"

func TestEveryMailToAnOperatorHasAText(t *testing.T) {
	t.Parallel()
	names := []string{"invitation", "reset", "sign-in-code", "address-code"}
	for _, change := range constants(t, "../../core/operators/tell.go", "Change") {
		names = append(names, "security."+change)
	}
	c := loaded(t)
	for _, l := range Languages() {
		for _, name := range names {
			for _, part := range []string{".subject", ".body"} {
				if key := "mail." + name + part; !c.In(l).Has(key) {
					t.Errorf("%s is missing in %s", key, l)
				}
			}
		}
	}
}
