package judges

import "syscall"

// group is what a program gets that serves: a group with what it starts itself,
// which is told to end with these tests, however they end. A program that takes
// another user's rights, as Postfix's master does, is not told.
var group = &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGTERM}
