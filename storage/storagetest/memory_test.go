package storagetest_test

import (
	"testing"

	"willcall/storage/storagetest"
)

func TestContract(t *testing.T) {
	t.Parallel()
	storagetest.Run(t, storagetest.New)
}
