package netio

import "time"

// An alarm ends what lasts too long. It rings no later than it has to, looks
// then, and may find that there is time left: to set a timer, or a deadline of
// the connection, costs more than to read a short line. The end's mu is held.
type alarm struct {
	until time.Time // when what is under way must be over; zero: nothing is
	woken bool      // the connection has a deadline, and it has passed
	timer *time.Timer
	rings time.Time // when the timer does; zero: it does not
}

// past is a deadline that is over.
var past = time.Unix(1, 0)

// allow says until when what comes next may last.
func (e *end) allow(until time.Time) {
	if e.woken {
		e.woken = false
		e.socket.SetDeadline(time.Time{})
	}
	e.set(until)
}

// set is allow, but for a read that was woken.
func (e *end) set(until time.Time) {
	e.until = until
	if !e.rings.IsZero() && !until.Before(e.rings) {
		return
	}
	e.rings = until
	if e.timer == nil {
		e.timer = time.AfterFunc(time.Until(until), e.ring)
	} else {
		e.timer.Reset(time.Until(until))
	}
}

// ring ends what is under way, if its time is over.
func (e *end) ring() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.rings = time.Time{}
	switch {
	case e.until.IsZero():
	case time.Now().Before(e.until):
		e.set(e.until)
	default:
		e.woken = true
		e.socket.SetDeadline(past)
	}
}

// wake ends a read, but nothing that is being written.
func (e *end) wake() {
	e.woken = true
	e.socket.SetReadDeadline(past)
}

// hush stops the alarm, where no connection will follow.
func (e *end) hush() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.timer != nil {
		e.timer.Stop()
	}
}
