package portal_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"willcall/core/validation"
	"willcall/ui/portal"
)

// serve answers on a loopback port until stop is called, which gives Serve's
// error.
func serve(t *testing.T, p *portal.Portal) (address string, stop func() error) {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- portal.Serve(ctx, listener, p) }()
	return "http://" + listener.Addr().String(), func() error {
		cancel()
		return <-ended
	}
}

func fetch(t *testing.T, client *http.Client, method, address string, header ...string) (status int, length int64, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(w.Body)
	if err := w.Body.Close(); err != nil {
		t.Error(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return w.StatusCode, w.ContentLength, string(raw)
}

func TestServe(t *testing.T) { //nolint:paralleltest // looks for goroutines left over
	leaks := goleak.IgnoreCurrent()
	address, stop := serve(t, open(t, in(validation.LinkOpen), "").Portal)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

	status, length, body := fetch(t, client, http.MethodGet, address+"/v/"+token)
	if status != http.StatusOK || !strings.Contains(body, "Validate your email address") {
		t.Errorf("GET: status %d, %s", status, body)
	}
	headStatus, headLength, empty := fetch(t, client, http.MethodHead, address+"/v/"+token)
	if headStatus != status || headLength != length || empty != "" {
		t.Errorf("HEAD: status %d, length %d instead of %d, %q", headStatus, headLength, length, empty)
	}
	if status, _, _ := fetch(t, client, http.MethodGet, address+"/", "X-Long", strings.Repeat("x", 15<<10)); status != http.StatusOK {
		t.Errorf("a header of 15 KiB: status %d", status)
	}
	status, _, _ = fetch(t, client, http.MethodGet, address+"/", "X-Long", strings.Repeat("x", 17<<10))
	if status != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("a header of 17 KiB: status %d", status)
	}

	if err := stop(); err != nil {
		t.Errorf("Serve: %v", err)
	}
	goleak.VerifyNone(t, leaks)
}

func TestServeTellsOfABrokenListener(t *testing.T) {
	t.Parallel()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	if err := portal.Serve(t.Context(), listener, open(t, in(validation.LinkOpen), "").Portal); err == nil {
		t.Error("Serve on a closed listener gave no error")
	}
}
