package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

// How long files may be, in octets; a set-up's is session.MaxJSON.
const (
	maxSecrets   = 1 << 20  // of certificates, of keys
	maxRecording = 1 << 20  // of a session
	maxUsers     = 16 << 20 // of accounts
	maxMessage   = 32 << 20 // of a message
)

// fileTime is how long a file may take: a pipe has no end before somebody has
// written it.
var fileTime = 10 * time.Second

// readFile reads a file of at most so many octets. Its errors are the user's.
func readFile(name string, most int) (text []byte, err error) {
	done := make(chan func(), 1)
	go func() { // nothing ends this where nobody writes to a pipe
		read, failed := readAll(name, most)
		done <- func() { text, err = read, failed }
	}()
	select {
	case take := <-done:
		take()
	case <-time.After(fileTime):
		err = fmt.Errorf("%s: its end did not come within %v", name, fileTime)
	}
	if err != nil {
		return nil, badInput{err}
	}
	return text, nil
}

func readAll(name string, most int) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(&limited{Reader: f, what: name, most: most})
}

// limited refuses to read more than so many octets.
type limited struct {
	io.Reader
	what       string
	most, read int
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.Reader.Read(p[:min(len(p), l.most-l.read+1)])
	if l.read += n; l.read > l.most {
		return 0, fmt.Errorf("%s has more than %d octets", l.what, l.most)
	}
	return n, err
}
