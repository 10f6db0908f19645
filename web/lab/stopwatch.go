package lab

// A stopwatch adds up the time of our own code for one move: the handler's, and
// that from the first Render to the last element changed. In between the
// browser waits for go-app's next tick.
type stopwatch struct {
	handler, started, rendered float64 // milliseconds
	on                         bool
}

func (w *stopwatch) start() { w.started, w.rendered, w.on = now(), 0, true }

func (w *stopwatch) stop() {
	if w.on {
		w.handler = now() - w.started
	}
}

func (w *stopwatch) rendering() {
	if w.on && w.rendered == 0 {
		w.rendered = now()
	}
}

// measure leaves the sum as a performance measure.
func (w *stopwatch) measure(name string) {
	if w.on && w.rendered > 0 {
		measure(name, w.rendered-w.handler)
	}
	w.on = false
}
