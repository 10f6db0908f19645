package netio

import "time"

// rest is how long a goroutine waits for work before it ends.
const rest = time.Second

// hands are goroutines that serve one session after the other: the stack of one
// that has served has the size that the next session needs.
type hands chan func()

// do runs f in a goroutine that waits for work, or in a new one.
func (h hands) do(f func()) {
	select {
	case h <- f:
	default:
		go h.serve(f)
	}
}

func (h hands) serve(f func()) {
	patience := time.NewTimer(rest)
	defer patience.Stop()
	for {
		f()
		patience.Reset(rest)
		select {
		case f = <-h:
		case <-patience.C:
			return
		}
	}
}
