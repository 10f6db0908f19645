//go:build !js

package main

import (
	"bufio"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// SIGTERM, to the program itself: an idle session hears 421, a transaction
// comes to its end, and the exit status is 0.
func TestSIGTERM(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(self)
	child.Env = append(os.Environ(), "AUTHLAB_ARGS=serve -listen 127.0.0.1:0 -user "+tim+" -json", "GOCOVERDIR="+t.TempDir())
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	defer child.Process.Kill()
	lines := bufio.NewReader(out)
	ready, err := lines.ReadString('\n')
	addr, found := strings.CutPrefix(strings.TrimSpace(ready), "listening on ")
	if !found {
		t.Fatalf("%q, %v", ready, err)
	}
	dial := func() (net.Conn, *bufio.Reader) {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		conn.SetDeadline(time.Now().Add(5 * time.Second))
		in := bufio.NewReader(conn)
		if line, _ := in.ReadString('\n'); !strings.HasPrefix(line, "220 ") {
			t.Fatalf("greeted with %q", line)
		}
		return conn, in
	}
	idle, idleIn := dial()
	defer idle.Close()
	busy, busyIn := dial()
	defer busy.Close()
	io.WriteString(busy, "EHLO a.example\r\nMAIL FROM:<a@localhost>\r\nRCPT TO:<b@localhost>\r\nDATA\r\n")
	for line := ""; !strings.HasPrefix(line, "354 "); {
		if line, err = busyIn.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
	child.Process.Signal(syscall.SIGTERM)
	if line, _ := idleIn.ReadString('\n'); !strings.HasPrefix(line, "421 4.3.2 ") {
		t.Errorf("an idle session hears %q", line)
	}
	io.WriteString(busy, "Subject: x\r\n\r\n.\r\n")
	if line, _ := busyIn.ReadString('\n'); !strings.HasPrefix(line, "250 2.0.0 Message accepted") {
		t.Errorf("a transaction hears %q", line)
	}
	if line, _ := busyIn.ReadString('\n'); !strings.HasPrefix(line, "421 4.3.2 ") {
		t.Errorf("and then %q", line)
	}
	idle.Close()
	busy.Close()
	rest, _ := io.ReadAll(lines)
	if err := child.Wait(); err != nil {
		t.Errorf("exit: %v", err)
	}
	if !strings.Contains(string(rest), `"kind":"accepted"`) {
		t.Errorf("the frames do not tell of the message: %s", rest)
	}
}
