package text

import (
	"os"
	"regexp"
	"testing"
)

// read is a file of the catalogue, without comments.
func read(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`(?m)^#.*$`).ReplaceAllString(string(raw), "")
}

func TestCustomersReadOneWordForConfirming(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"en/portal.txt", "fr/portal.txt", "en/mail.txt", "fr/mail.txt"} {
		if other := regexp.MustCompile(`(?i)\S*valid\S*`).FindString(read(t, name)); other != "" {
			t.Errorf("%s says %q where the others confirm", name, other)
		}
	}
}

// An institution's name may begin with a vowel, before which French drops
// letters.
func TestFrenchMailsPutNoShortWordBeforeAName(t *testing.T) {
	t.Parallel()
	if found := regexp.MustCompile(`(?i)\b(de|que|le|la|ce|au|du) \{(institution|name|point-of-sale)\}`).FindString(read(t, "fr/mail.txt")); found != "" {
		t.Errorf("%q can't stand before every name", found)
	}
}
