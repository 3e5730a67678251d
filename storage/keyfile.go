package storage

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"willcall/storage/bolt"
)

const (
	keyFileName = "willcall.key"
	keyBytes    = 32

	// keyField is where the store keeps the fingerprint of its key.
	keyField         = "key"
	fingerprintBytes = 16
)

// ErrKeyFile is a key file that can't be used: missing beside an existing
// database, of the wrong length, of another database, or readable by others.
var ErrKeyFile = errors.New("the key file can't be used")

// Key reads the key file in the data folder dir, 32 bytes, and makes it from
// random where neither it nor a database is there yet. A database without its
// key file is refused: a new key couldn't open what the old one sealed; so is a
// folder that lost its database, see [Lost]. Call it before [Open]. Errors are a
// [*Refusal] where the reason is known.
func Key(dir string, random io.Reader) ([]byte, error) {
	if err := Prepare(dir); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, keyFileName)
	if err := dropUnwritten(dir, path); err != nil {
		return nil, err
	}
	raw, err := readKey(path)
	if errors.Is(err, fs.ErrNotExist) {
		return newKey(dir, path, random)
	}
	return raw, err
}

// dropUnwritten removes a key file of no bytes where there is no database: a
// crash left it before anything was sealed.
func dropUnwritten(dir, path string) error {
	info, err := os.Lstat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > 0 || isThere(filepath.Join(dir, fileName)) {
		return nil //nolint:nilerr // reading it tells what is wrong
	}
	if err := os.Remove(path); err != nil {
		return Refused(path, fmt.Errorf("remove an empty key file: %w", err))
	}
	return nil
}

func isThere(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// readKey reads a key file. A missing one is [fs.ErrNotExist].
func readKey(path string) ([]byte, error) {
	if err := checkFile(path); err != nil {
		return nil, keyRefusal(err)
	}
	file, err := os.Open(path) //nolint:gosec // the data folder is the user's choice
	if err != nil {
		return nil, Refused(path, fmt.Errorf("read the key file: %w", err))
	}
	defer func() { _ = file.Close() }()
	raw, err := io.ReadAll(io.LimitReader(file, keyBytes+1))
	if err != nil {
		return nil, Refused(path, fmt.Errorf("read the key file: %w", err))
	}
	if len(raw) != keyBytes {
		return nil, refuse(ReasonKeyBroken, path, "more or less than %d bytes: %w", keyBytes, ErrKeyFile)
	}
	return raw, nil
}

// keyRefusal marks a refusal as one of the key file.
func keyRefusal(err error) error {
	var refusal *Refusal
	if errors.As(err, &refusal) {
		return &Refusal{refusal.Reason, refusal.Path, fmt.Errorf("%w: %w", ErrKeyFile, refusal.Err)}
	}
	return err
}

// newKey writes a key file, synced before anything is sealed with it. It gets its
// name when it is whole; where another start was faster, that one's is read.
func newKey(dir, path string, random io.Reader) ([]byte, error) {
	if isThere(filepath.Join(dir, fileName)) {
		return nil, refuse(ReasonKeyMissing, path, "there is a database: %w", ErrKeyFile)
	}
	raw := make([]byte, keyBytes)
	if _, err := io.ReadFull(random, raw); err != nil {
		return nil, fmt.Errorf("draw a key: %w", err)
	}
	draft, err := os.CreateTemp(dir, keyFileName+".new-*") // readable by its owner only
	if err != nil {
		return nil, Refused(dir, fmt.Errorf("make the key file: %w", err))
	}
	defer func() { _ = os.Remove(draft.Name()) }()
	_, err = draft.Write(raw)
	if err = errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return nil, Refused(dir, fmt.Errorf("write the key file: %w", err))
	}
	err = bolt.Place(draft.Name(), path)
	if errors.Is(err, fs.ErrExist) {
		return readKey(path)
	}
	if err != nil {
		return nil, Refused(dir, fmt.Errorf("name the key file: %w", err))
	}
	return raw, nil
}

// Fingerprint tells keys apart without telling them (HKDF, RFC 5869), in
// hexadecimal digits.
func Fingerprint(key []byte) (string, error) {
	sum, err := hkdf.Key(sha256.New, key, nil, "willcall fingerprint", fingerprintBytes)
	if err != nil {
		return "", fmt.Errorf("derive the key's fingerprint: %w", err)
	}
	return hex.EncodeToString(sum), nil
}

// fingerprintIn is the fingerprint of the key file in a folder, empty where there
// is none.
func fingerprintIn(dir string) (string, error) {
	key, err := readKey(filepath.Join(dir, keyFileName))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return Fingerprint(key)
}

// checkKey refuses a folder whose key file isn't the one that the store knows.
func checkKey(dir, known string) error {
	found, err := fingerprintIn(dir)
	if err != nil || found == "" || known == "" || found == known {
		return err
	}
	return refuse(ReasonKeyOther, filepath.Join(dir, keyFileName), "the key file of another database: %w", ErrKeyFile)
}
