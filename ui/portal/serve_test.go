package portal_test

import (
	"context"
	"errors"
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

func fetch(t *testing.T, client *http.Client, method, address string) (status int, length int64, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
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

// TestServe runs alone: it looks for goroutines left over.
func TestServe(t *testing.T) {
	leaks := goleak.IgnoreCurrent()
	address, stop := serve(t, open(t, in(validation.LinkOpen)).Portal)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

	status, length, body := fetch(t, client, http.MethodGet, address+"/v/"+token)
	if status != http.StatusOK || !strings.Contains(body, "Confirm your email address") {
		t.Errorf("GET: status %d, %s", status, body)
	}
	headStatus, headLength, empty := fetch(t, client, http.MethodHead, address+"/v/"+token)
	if headStatus != status || headLength != length || empty != "" {
		t.Errorf("HEAD: status %d, length %d instead of %d, %q", headStatus, headLength, length, empty)
	}
	for size, want := range map[int]string{maxHeader - 1: "200 OK", maxHeader: "431 Request Header Fields Too Large"} {
		if got := sendHeader(t, strings.TrimPrefix(address, "http://"), size); got != want {
			t.Errorf("a header of %d bytes: %s, want %s", size, got, want)
		}
	}

	if err := stop(); err != nil {
		t.Errorf("Serve: %v", err)
	}
	goleak.VerifyNone(t, leaks)
}

// maxHeader is the limit of a request's header in bytes.
const maxHeader = 16 << 10

// sendHeader sends a request with a header of so many bytes and gives the
// status line's end. The header of a refused one isn't finished, so that
// nothing is left unread when the server hangs up.
func sendHeader(t *testing.T, address string, size int) string {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	start, end := "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Long: ", "\r\n\r\n"
	if size >= maxHeader {
		end = ""
	}
	header := start + strings.Repeat("x", size-len(start)-len(end)) + end
	if _, err := io.WriteString(conn, header); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err := errors.Join(err, conn.Close()); err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(answer), "\r\n")
	return strings.TrimPrefix(line, "HTTP/1.1 ")
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
	if err := portal.Serve(t.Context(), listener, open(t, in(validation.LinkOpen)).Portal); err == nil {
		t.Error("Serve on a closed listener gave no error")
	}
}
