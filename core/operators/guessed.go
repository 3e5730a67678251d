package operators

import (
	"slices"
	"strings"
)

// guessed are words that passwords are guessed by first, in English, French and
// German. In a password they count for nothing.
const guessed = `
password passwort passwords passwörter passphrase motdepasse motsdepasse kennwort losungswort geheim geheimnis
secret secrets admin administrator administrateur administration root user utilisateur benutzer guest gast
invité login logon signin anmelden anmeldung connexion connecter identifiant username account konto compte
welcome willkommen bienvenue letmein openup sesame entrer access zugang accès
hello hallo bonjour salut iloveyou ilove loveyou ichliebedich jetaime monamour meinschatz chouchou doudou
princess princesse prinzessin sunshine soleil sonnenschein dragon monkey football fussball fußball soccer
baseball basketball superman batman master shadow killer pokemon starwars trustno1 whatever freedom liberté
freiheit family famille familie summer sommer été winter hiver spring printemps frühling autumn herbst automne
january february march april june july august september october november december
test testing testtest temp temporary temporaire default standard changeme change changer ändern
ticket tickets billet billets billetterie boxoffice theatre theater théâtre opera opéra oper
mot passe pass word wort abc123 computer internet ordinateur
`

// rows are the orders that fingers and tongues run along, on English, French
// and German keyboards. No password holds the line end between them.
const rows = `01234567890
abcdefghijklmnopqrstuvwxyz
qwertyuiop
asdfghjkl
zxcvbnm
azertyuiop
qsdfghjklm
wxcvbn
qwertzuiopü
asdfghjklöä
yxcvbnm
1qaz2wsx3edc4rfv5tgb6yhn7ujm
1qay2wsx3edc4rfv5tgb6zhn7ujm
1aqw2zsx3edc4rfv5tgb6yhn7uj`

// leastRun is the shortest stretch of a row that counts as a run.
const leastRun = 3

// withoutRuns leaves out the stretches of letters that follow a row, forwards
// or backwards.
func withoutRuns(s string) string {
	letters, orders := []rune(s), rows+"\n"+reversed(rows)
	var rest strings.Builder
	for len(letters) > 0 {
		n := 1
		for n < len(letters) && strings.Contains(orders, string(letters[:n+1])) {
			n++
		}
		if n < leastRun {
			n = 1
			rest.WriteRune(letters[0])
		}
		letters = letters[n:]
	}
	return rest.String()
}

func reversed(s string) string {
	letters := []rune(s)
	slices.Reverse(letters)
	return string(letters)
}
