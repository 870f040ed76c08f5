"""What a hostile program tries. Each attempt returns when it got through and raises when it was refused.

The source of this file is what runs in the sandbox, with `TARGETS` set to what the test made outside.
"""

import ctypes
import json
import os
import socket
import subprocess
import sys
import threading

TARGETS: dict[str, object] = {}
OUTSIDE = str(TARGETS.get("folder", ""))
PORT = int(str(TARGETS.get("port", 0)))
PARENT = int(str(TARGETS.get("parent", 0)))
LIBC = ctypes.CDLL(None, use_errno=True)


def demand(done: object) -> None:
    if not done:
        raise PermissionError(ctypes.get_errno(), "refused")


def connect_by_tcp() -> None:
    socket.create_connection(("127.0.0.1", PORT), timeout=2).close()


def connect_by_tcp_over_ipv6() -> None:
    socket.socket(socket.AF_INET6, socket.SOCK_STREAM).close()


def send_by_udp() -> None:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"out", ("127.0.0.1", PORT))


def ask_for_a_name() -> None:
    demand(LIBC.socket(socket.AF_INET, socket.SOCK_DGRAM, 0) >= 0)
    socket.getaddrinfo("localhost", 80)


def connect_by_unix_socket() -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.connect(f"{OUTSIDE}/socket")


def connect_by_abstract_socket() -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.connect("\0metier-" + str(PARENT))


def open_raw_socket() -> None:
    socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP).close()


def open_netlink() -> None:
    socket.socket(16, socket.SOCK_RAW, 0).close()


def listen_for_others() -> None:
    with socket.socket() as one:
        one.bind(("0.0.0.0", 0))
        one.listen()


def make_socket_by_number() -> None:
    demand(LIBC.syscall(41 if os.uname().machine == "x86_64" else 198, 2, 1, 0) >= 0)


def queue_calls_past_the_filter() -> None:
    demand(LIBC.syscall(425, 8, ctypes.create_string_buffer(256)) >= 0)


def start_curl() -> None:
    subprocess.run(["/usr/bin/env"], capture_output=True, check=True)


def read_passwords() -> None:
    with open("/etc/shadow") as file:
        file.read()


def read_users() -> None:
    with open("/etc/passwd") as file:
        file.read()


def list_home_of_the_user() -> None:
    demand([name for name in os.listdir(str(TARGETS["home"])) if name not in (".pyenv", ".local")])


def read_the_secret() -> None:
    with open(f"{OUTSIDE}/secret") as file:
        file.read()


def read_the_secret_through_a_link() -> None:
    os.symlink(f"{OUTSIDE}/secret", "link")
    with open("link") as file:
        file.read()


def read_the_secret_through_a_hard_link() -> None:
    os.link(f"{OUTSIDE}/secret", "hard")
    with open("hard") as file:
        file.read()


def read_the_secret_through_dots() -> None:
    with open("/".join([".."] * 12) + f"{OUTSIDE}/secret") as file:
        file.read()


def list_the_project() -> None:
    os.listdir(str(TARGETS["project"]))


def read_environment_of_parent() -> None:
    with open(f"/proc/{PARENT}/environ", "rb") as file:
        demand(file.read())


def read_memory_of_parent() -> None:
    with open(f"/proc/{PARENT}/mem", "rb") as file:
        file.read(0)


def reach_the_root_of_parent() -> None:
    os.listdir("/".join(("/proc", str(PARENT), "root")))


def write_outside() -> None:
    with open(f"{OUTSIDE}/written", "w") as file:
        file.write("x")


def cut_the_secret_short() -> None:
    os.truncate(f"{OUTSIDE}/secret", 0)


def change_rights_of_the_secret() -> None:
    os.chmod(f"{OUTSIDE}/secret", 0o666)


def change_times_of_the_secret() -> None:
    os.utime(f"{OUTSIDE}/secret", (0, 0))


def remove_the_secret() -> None:
    os.unlink(f"{OUTSIDE}/secret")


def move_the_secret_in() -> None:
    os.rename(f"{OUTSIDE}/secret", "moved")


def write_the_interpreter() -> None:
    with open(os.__file__, "a") as file:
        file.write("")


def plant_beside_the_interpreter() -> None:
    path = os.path.join(os.path.dirname(os.__file__), "planted.py")
    with open(path, "w") as file:
        file.write("")
    os.unlink(path)


def plant_in_the_root() -> None:
    with open("/planted", "w") as file:
        file.write("")
    os.unlink("/planted")


def change_rights_of_the_interpreter() -> None:
    os.chmod(os.__file__, 0o666)


def write_to_a_disk() -> None:
    with open("/dev/vda", "rb") as file:
        file.read(1)


def write_below_dev() -> None:
    with open("/dev/shm/x", "w") as file:
        file.write("x")


def make_a_device() -> None:
    os.mknod("disk", 0o060600, os.makedev(254, 0))


def make_a_pipe_by_name() -> None:
    os.mkfifo("pipe")


def fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def fork_by_vfork() -> None:
    subprocess.Popen([sys.executable, "-c", ""]).wait()


def spawn() -> None:
    os.posix_spawn(sys.executable, [sys.executable, "-c", ""], {})


def clone_by_number() -> None:
    if os.uname().machine != "x86_64":
        raise PermissionError
    child = LIBC.syscall(56, 17, 0, 0, 0, 0)
    if child == 0:
        os._exit(0)
    demand(child > 0)


def signal_the_parent() -> None:
    os.kill(PARENT, 0)


def signal_own_parent() -> None:
    os.kill(os.getppid() or 1, 0)


def signal_the_group() -> None:
    os.killpg(0, 0)


def be_signalled_for_the_parent() -> None:
    import fcntl  # noqa: PLC0415

    reading, _ = os.pipe()
    fcntl.fcntl(reading, fcntl.F_SETOWN, PARENT)


def limit_the_parent() -> None:
    import resource  # noqa: PLC0415

    resource.prlimit(PARENT, resource.RLIMIT_CORE, (0, 0))


def slow_the_parent() -> None:
    os.setpriority(os.PRIO_PROCESS, PARENT, 19)


def trace_the_parent() -> None:
    demand(LIBC.ptrace(0x4206, PARENT, 0, 0) == 0)


def read_memory_by_call() -> None:
    demand(LIBC.process_vm_readv(PARENT, None, 0, None, 0, 0) == 0)


def open_the_parent_by_descriptor() -> None:
    os.close(os.pidfd_open(PARENT))


def leave_the_group() -> None:
    os.setpgid(0, 0)


def survive_the_parent() -> None:
    demand(LIBC.prctl(1, 0, 0, 0, 0) == 0)


def gain_a_namespace() -> None:
    demand(LIBC.unshare(0x10000000) == 0)


def mount_something() -> None:
    demand(LIBC.mount(b"tmpfs", b"/tmp", b"tmpfs", 0, None) == 0)


def change_root() -> None:
    os.chroot(".")


def become_root() -> None:
    os.setuid(0)


def gain_privileges_by_a_program() -> None:
    demand(LIBC.prctl(39, 0, 0, 0, 0) != 1)


def execute_su() -> None:
    os.execv("/usr/bin/su", ["su", "--version"])


def load_a_kernel_program() -> None:
    demand(LIBC.syscall(321 if os.uname().machine == "x86_64" else 280, 0, 0, 0) >= 0)


def share_memory_by_key() -> None:
    demand(LIBC.shmget(0x6D657469, 64, 0o1600) >= 0)


def type_into_a_terminal() -> None:
    demand(LIBC.ioctl(0, 0x5412, b"x") == 0)


def find_inherited_files() -> None:
    demand([number for number in range(3, 256) if _is_open(number)])


def read_input() -> None:
    demand(sys.stdin.buffer.read())


def find_the_environment() -> None:
    demand([name for name in os.environ if name.startswith(("PYTEST", "METIER", "CI", "VIRTUAL"))])


def import_a_planted_module() -> None:
    with open("planted.py", "w") as file:
        file.write("")
    __import__("planted")


def import_site_packages() -> None:
    __import__("pydantic")


def raise_own_limits() -> None:
    import resource  # noqa: PLC0415

    before, most = resource.getrlimit(resource.RLIMIT_AS)
    demand(before != resource.RLIM_INFINITY)
    resource.setrlimit(resource.RLIMIT_AS, (most + 1, most + 1))


def do_it_from_a_thread() -> None:
    found: list[object] = []

    def attempt() -> None:
        try:
            read_the_secret()
        except OSError as error:
            found.append(error)

    thread = threading.Thread(target=attempt)
    thread.start()
    thread.join()
    if found:
        raise PermissionError


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


HARMLESS = (  # these get through when there is no isolation: they prove that an attempt is one
    connect_by_tcp,
    connect_by_tcp_over_ipv6,
    send_by_udp,
    ask_for_a_name,
    connect_by_unix_socket,
    connect_by_abstract_socket,
    listen_for_others,
    make_socket_by_number,
    start_curl,
    read_users,
    read_the_secret,
    read_the_secret_through_a_link,
    read_the_secret_through_dots,
    list_the_project,
    read_environment_of_parent,
    write_outside,
    make_a_pipe_by_name,
    fork,
    fork_by_vfork,
    spawn,
    signal_the_parent,
    signal_own_parent,
    signal_the_group,
    be_signalled_for_the_parent,
    open_the_parent_by_descriptor,
    survive_the_parent,
    gain_privileges_by_a_program,
    do_it_from_a_thread,
)
ATTEMPTS = (
    find_inherited_files,  # first: the others open some
    *HARMLESS,
    open_raw_socket,
    open_netlink,
    queue_calls_past_the_filter,
    read_passwords,
    list_home_of_the_user,
    read_the_secret_through_a_hard_link,
    read_memory_of_parent,
    reach_the_root_of_parent,
    cut_the_secret_short,
    change_rights_of_the_secret,
    change_times_of_the_secret,
    move_the_secret_in,
    remove_the_secret,
    write_the_interpreter,
    plant_beside_the_interpreter,
    plant_in_the_root,
    change_rights_of_the_interpreter,
    write_to_a_disk,
    write_below_dev,
    make_a_device,
    clone_by_number,
    limit_the_parent,
    slow_the_parent,
    trace_the_parent,
    read_memory_by_call,
    leave_the_group,
    gain_a_namespace,
    mount_something,
    change_root,
    become_root,
    load_a_kernel_program,
    share_memory_by_key,
    type_into_a_terminal,
    read_input,
    find_the_environment,
    import_a_planted_module,
    import_site_packages,
    raise_own_limits,
    execute_su,
)


def attempt_all(attempts: tuple[object, ...]) -> None:
    """Prints a line for each attempt: its name, and what refused it or that it got through."""
    for attempt in attempts:
        try:
            attempt()  # type: ignore[operator]
            came = "got through"
        except Exception as error:  # noqa: BLE001 - whatever refuses it
            came = type(error).__name__
        print(json.dumps([attempt.__name__, came]), flush=True)  # type: ignore[attr-defined]  # noqa: T201
