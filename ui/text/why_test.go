package text

import (
	"testing"

	"willcall/core/mail"
)

func TestEveryAnswerOfAMailServerIsExplained(t *testing.T) {
	t.Parallel()
	c := loaded(t)
	for _, why := range mail.Whys() {
		for _, language := range Languages() {
			if key := "why." + string(why); !c.In(language).Has(key) {
				t.Errorf("%s is missing in %s", key, language)
			}
		}
	}
}
