package operators

import (
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"willcall/core"
	"willcall/core/secret"
)

const (
	// appSecretBytes is the length of an app's secret (RFC 4226, section 4).
	appSecretBytes = 20
	// appPeriod is the seconds of a step (RFC 6238, section 4.1).
	appPeriod = 30
	// appSkew is by how many steps a phone's clock may be off.
	appSkew = 1
)

func base32Of(raw []byte) string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw)
}

// stepAt is the number of the step that a time is in; 0 before 1970.
func stepAt(at time.Time) uint64 { return uint64(max(at.Unix(), 0)) / appPeriod }

// appCode is the code of a step (RFC 6238, with SHA-1 and six digits). It is
// refused for a secret of another length: the library takes an empty one.
func appCode(raw []byte, step uint64) (string, error) {
	if len(raw) != appSecretBytes {
		return "", fmt.Errorf("an app's secret of %d bytes: %w", len(raw), core.ErrDamaged)
	}
	at := time.Unix(int64(step*appPeriod), 0) //nolint:gosec // a step of a time
	code, err := totp.GenerateCodeCustom(base32Of(raw), at, totp.ValidateOpts{
		Period: appPeriod, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1,
	})
	if err != nil {
		return "", fmt.Errorf("make an app's code: %w", err)
	}
	return code, nil
}

// matchStep finds the step, later than after, whose code was typed at a time. Who
// remembers it sees no code twice (RFC 6238, section 5.2). 0 stands for none.
func matchStep(raw []byte, typed string, after uint64, at time.Time) (step uint64, err error) {
	typed = strings.ReplaceAll(typed, " ", "")
	if !secret.IsDigits(typed) {
		return 0, nil
	}
	now := stepAt(at)
	for s := now - min(now, appSkew); s <= now+appSkew; s++ {
		code, err := appCode(raw, s)
		if err != nil {
			return 0, err
		}
		if subtle.ConstantTimeCompare([]byte(code), []byte(typed)) == 1 && s > after {
			step = s
		}
	}
	return step, nil
}

// otpauth is what an app reads from a QR code: as short as it can be, so that the
// code fits a small screen. The app takes the issuer from the label.
func otpauth(issuer, address string, raw []byte) string {
	return "otpauth://totp/" + url.PathEscape(issuer) + ":" + url.PathEscape(address) + "?secret=" + base32Of(raw)
}
