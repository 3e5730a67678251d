//go:build clients

package uitest

import (
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"willcall/ui/component"
	"willcall/ui/theme"
)

// TestR64_AnotherMakersReaderReadsTheCodeOffThePicture lets zbarimg read a
// screen of 80 by 24 cells, on dark and on light paper.
func TestR64_AnotherMakersReaderReadsTheCodeOffThePicture(t *testing.T) {
	t.Parallel()
	reader, err := exec.LookPath("zbarimg")
	switch {
	case err != nil && os.Getenv("WILLCALL_REQUIRE_CLIENTS") == "1":
		t.Fatal("zbarimg is not installed")
	case err != nil:
		t.Skip("zbarimg is not installed")
	}
	const uri = "otpauth://totp/willcall:olga@opera.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
	code, err := component.NewQR(uri)
	if err != nil {
		t.Fatal(err)
	}
	for name, paper := range map[string]Paper{"dark": DarkPaper(), "light": LightPaper()} {
		look := component.Look{Theme: theme.New(theme.Options{Dark: name == "dark", Profile: colorprofile.TrueColor})}
		screen := append([]string{"words above", ""}, code.Render(look, 80, 22)...)
		picture := filepath.Join(t.TempDir(), name+".png")
		draw(t, picture, Flatten(tea.NewView(strings.Join(screen, "\n")), 80, 24), paper)
		read, err := exec.CommandContext(t.Context(), reader, "--quiet", "--raw", picture).Output()
		if err != nil || strings.TrimSpace(string(read)) != uri {
			t.Errorf("%s: read %q, %v", name, read, err)
		}
	}
}

// draw writes a frame as a picture.
func draw(t *testing.T, path string, f Frame, paper Paper) {
	t.Helper()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(file, f.seenBy(paper)); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}
