//go:build !linux && !darwin && !freebsd && !netbsd && !openbsd && !dragonfly

package bolt

import "go.etcd.io/bbolt"

// holdOnce locks a file by opening it for reading: nobody writes to it meanwhile.
func holdOnce(path string) (release func() error, err error) {
	db, err := openGuarded(path, bbolt.Options{Timeout: 1, ReadOnly: true})
	if err != nil {
		return nil, err
	}
	return db.Close, nil
}
