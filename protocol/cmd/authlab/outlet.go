package main

import (
	"errors"
	"io"
	"sync"
	"time"
)

// outletTime is how long a line waits for an output that takes none.
const outletTime = 30 * time.Second

var (
	errBlocked = errors.New("nobody reads the output")
	errClosed  = errors.New("the output was closed")
)

// An outlet lets many write whole lines to one output, each of which waits until
// it was written; none waits for ever, as on a pipe that nobody reads. A line that
// was given up may still be written, when the output takes it.
type outlet struct {
	lines  chan outgoing
	closed chan struct{}
	once   sync.Once
}

type outgoing struct {
	line    []byte
	written chan error // holds one
}

func newOutlet(out io.Writer) *outlet {
	o := &outlet{lines: make(chan outgoing), closed: make(chan struct{})}
	go o.pour(out)
	return o
}

// pour writes one line after the other. A line of which only a part could be
// written is ended, so that the next is whole.
func (o *outlet) pour(out io.Writer) {
	torn := false
	for {
		select {
		case next := <-o.lines:
			line := next.line
			if torn {
				line = append([]byte("\n"), line...)
			}
			n, err := out.Write(line)
			torn = n < len(line) && (n > 0 || torn)
			next.written <- err
		case <-o.closed:
			return
		}
	}
}

// Write writes a line, or says why it is not known to be written.
func (o *outlet) Write(line []byte) (int, error) {
	late := time.NewTimer(outletTime)
	defer late.Stop()
	next := outgoing{line, make(chan error, 1)}
	select {
	case o.lines <- next:
	case <-late.C:
		return 0, errBlocked
	case <-o.closed:
		return 0, errClosed
	}
	select {
	case err := <-next.written:
		if err != nil {
			return 0, err
		}
		return len(line), nil
	case <-late.C:
		return 0, errBlocked
	case <-o.closed:
		return 0, errClosed
	}
}

// close ends all waiting: nothing more is written.
func (o *outlet) close() { o.once.Do(func() { close(o.closed) }) }
