package main

import (
	"encoding/json"
	"io"
	"sync"

	"example.org/smtpauth/protocol/netio"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
)

// A frameWriter writes frames as JSON, one a line.
type frameWriter struct {
	mu          sync.Mutex
	out         io.Writer
	showSecrets bool
}

// watch makes frames of a native session.
func (w *frameWriter) watch(id int, role server.Role) func(netio.Note) {
	framer, mask := session.NewFramer(id, role), newMasker()
	return func(n netio.Note) {
		switch n.Kind {
		case netio.Passed:
			toward := session.Client
			if n.ToServer {
				toward = session.Server
			}
			framer.Passed(session.Chunk{Toward: toward, Octets: n.Octets, Records: n.Records})
		case netio.Shook:
			framer.Shook(n.Facts, n.Failure)
		case netio.Stepped:
			for _, f := range framer.Step(n.Octets, n.Server) {
				if !w.showSecrets {
					f = mask.frame(f)
				}
				w.write(f)
			}
		}
	}
}

func (w *frameWriter) write(f session.Frame) error {
	line, err := json.Marshal(f)
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	_, err = w.out.Write(append(line, '\n'))
	return err
}
