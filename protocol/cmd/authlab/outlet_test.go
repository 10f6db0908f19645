//go:build !js

package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A cramped output has room for some octets.
type cramped struct {
	mu   sync.Mutex
	room int
	got  bytes.Buffer
}

func (c *cramped) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := min(len(p), c.room)
	c.room -= n
	c.got.Write(p[:n])
	if n < len(p) {
		return n, errors.New("no space")
	}
	return n, nil
}

// A line that could not be written whole spoils none of those behind it.
func TestOutlet(t *testing.T) {
	out := &cramped{room: 7}
	o := newOutlet(out)
	defer o.close()
	say := func(line string, fails bool) {
		if _, err := o.Write([]byte(line)); (err != nil) != fails {
			t.Errorf("%q: %v", line, err)
		}
	}
	say("one\n", false)
	say("two, long\n", true)
	say("three\n", true)
	out.mu.Lock()
	out.room = 100
	out.mu.Unlock()
	say("four\n", false)
	if got := out.got.String(); got != "one\ntwo\nfour\n" {
		t.Errorf("%q", got)
	}
}

// What a command could not write it does not pass over.
func TestOutputThatFails(t *testing.T) {
	for _, args := range []string{"run -server postfix-dovecot", "run -server postfix-dovecot -json", "matrix", "run -h"} {
		var said bytes.Buffer
		status := authlab(t.Context(), strings.Fields(args), streams{strings.NewReader(""), &cramped{room: 100}, &said})
		if status != 1 || !strings.HasSuffix(said.String(), ": no space\n") {
			t.Errorf("%s: exit %d, %q", args, status, said.String())
		}
	}
}

// Whoever waits for an output that takes nothing is let go when it is closed.
func TestOutletBlocked(t *testing.T) {
	_, blocked := io.Pipe()
	o := newOutlet(blocked)
	failed := make(chan error, 2)
	for range 2 {
		go func() {
			_, err := o.Write([]byte("x\n"))
			failed <- err
		}()
	}
	time.Sleep(10 * time.Millisecond)
	o.close()
	for range 2 {
		if err := <-failed; err != errClosed {
			t.Errorf("%v", err)
		}
	}
	if _, err := o.Write([]byte("x\n")); err != errClosed {
		t.Errorf("%v", err)
	}
}

// serving is the program as a server of its own, which says where it listens.
func serving(t *testing.T, out *os.File, args string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(self)
	child.Env = append(os.Environ(), "AUTHLAB_ARGS=serve -cleartext -user "+tim+" -json "+args, "GOCOVERDIR="+t.TempDir())
	child.Stdout = out
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { child.Process.Kill() })
	return child
}

// send sends a message and returns what the server says to its end; empty where
// it says nothing in time.
func send(t *testing.T, addr, text string) string {
	t.Helper()
	var conn net.Conn
	var err error
	for range 100 { // it may be about to listen
		if conn, err = net.Dial("tcp", addr); err == nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(time.Second))
	in := bufio.NewReader(conn)
	io.WriteString(conn, "EHLO a.example\r\nMAIL FROM:<a@localhost>\r\nRCPT TO:<b@localhost>\r\nDATA\r\n"+text+"\r\n.\r\n")
	for data := false; ; {
		line, err := in.ReadString('\n')
		switch {
		case err != nil:
			return ""
		case data:
			return line
		}
		data = strings.HasPrefix(line, "354 ")
	}
}

// unused is an address where nobody listens.
func unused(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// RFC 5321 §4.2.5: what is told to be accepted was told before. On a full disk it
// is refused, and a server that is killed behind 250 has told it.
func TestNoAcceptedMessageIsUntold(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	addr := unused(t)
	child := serving(t, full, "-listen "+addr)
	if said := send(t, addr, "hi"); !strings.HasPrefix(said, "451 4.3.0 ") {
		t.Errorf("on a full disk: %q", said)
	}
	child.Process.Signal(syscall.SIGTERM)
	if err := child.Wait(); child.ProcessState.ExitCode() != 1 {
		t.Errorf("on a full disk it exits with %v", err)
	}
	for range 5 {
		told, err := os.CreateTemp(t.TempDir(), "frames")
		if err != nil {
			t.Fatal(err)
		}
		addr := unused(t)
		child := serving(t, told, "-listen "+addr)
		if said := send(t, addr, "hi"); !strings.HasPrefix(said, "250 ") {
			t.Errorf("%q", said)
		}
		child.Process.Kill()
		child.Wait()
		text, err := os.ReadFile(told.Name())
		if err != nil || !strings.Contains(string(text), `{"session":1,"message":{"id":`) {
			t.Errorf("%v, %s", err, text)
		}
	}
}

// SIGTERM ends the server within its time, though nobody reads what it tells.
func TestSIGTERMWithABlockedOutput(t *testing.T) {
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	addr := unused(t)
	child := serving(t, writer, "-drain-time 500ms -listen "+addr)
	writer.Close()
	text := strings.TrimSuffix(strings.Repeat(strings.Repeat("x", 900)+"\r\n", 200), "\r\n")
	if said := send(t, addr, text); said != "" { // more than a pipe holds
		t.Fatalf("%q", said)
	}
	begun := time.Now()
	child.Process.Signal(syscall.SIGTERM)
	child.Wait()
	if took := time.Since(begun); took > 10*time.Second || child.ProcessState.ExitCode() == -1 {
		t.Errorf("it took %s: %s", took, child.ProcessState)
	}
}
