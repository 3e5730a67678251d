package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	tea "charm.land/bubbletea/v2"
)

// Program puts a Bubble Tea program around a root: sizes are clamped before
// room is made for them, and committed changes reach the root. opts say where
// it runs; they come last and win; the output among them is to be wrapped by
// [Root.Output]. Once the program ended, [Root.Close] is to be called and the
// session's context to be ended.
func Program(ctx context.Context, r *Root, opts ...tea.ProgramOption) *tea.Program {
	own := []tea.ProgramOption{tea.WithContext(ctx), tea.WithFilter(r.filter), tea.WithFPS(r.cfg.FPS)}
	program := tea.NewProgram(r, append(own, opts...)...)
	r.send = program.Send
	return program
}

// Run shows the console on a local terminal until the person quits, the
// terminal is closed or ctx ends; none of these is an error. Signals are the
// caller's: it ends ctx. env is the terminal's environment, as [os.Environ]
// gives it.
func Run(ctx context.Context, r *Root, in, out *os.File, env []string) error {
	ctx, hangup := context.WithCancel(ctx)
	defer hangup()
	// Bubble Tea closes a killed program's keyboard while that is still read:
	// this one is asked to quit.
	program := Program(context.WithoutCancel(ctx), r, tea.WithoutSignalHandler(),
		tea.WithInput(terminalInput{File: in, hangup: hangup}),
		tea.WithOutput(terminalOutput{File: out, curtain: &r.curtain}), tea.WithEnvironment(env))
	defer context.AfterFunc(ctx, program.Quit)()
	_, err := program.Run()
	r.Close()
	if err == nil || ctx.Err() != nil {
		return nil
	}
	return fmt.Errorf("run the console: %w", err)
}

// terminalInput ends the program when its terminal goes away: Bubble Tea
// itself would wait for ever.
type terminalInput struct {
	*os.File
	hangup context.CancelFunc
}

func (i terminalInput) Read(p []byte) (int, error) {
	n, err := i.File.Read(p)
	if err == nil {
		return n, nil
	}
	i.hangup()
	if errors.Is(err, io.EOF) {
		return n, io.EOF
	}
	return n, fmt.Errorf("read the keyboard: %w", err)
}
