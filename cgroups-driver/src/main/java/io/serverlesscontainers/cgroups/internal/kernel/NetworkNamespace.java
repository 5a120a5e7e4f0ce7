package io.serverlesscontainers.cgroups.internal.kernel;

import io.serverlesscontainers.core.spi.CgroupException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The network namespace of a process, held open: it stays the same one even if the process ends and its number becomes
 * another's. It lives on as long as it is held, with all its interfaces, so that should not be long.
 */
public final class NetworkNamespace implements AutoCloseable {
    // See rtnetlink(7) and linux/net_namespace.h.
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int NETLINK_ROUTE = 0;
    private static final short RTM_GETNSID = 90;
    private static final short NLMSG_ERROR = 2;
    private static final short NLM_F_REQUEST = 1;
    private static final short NETNSA_NSID = 1;
    private static final short NETNSA_FD = 3;
    private static final int HEADER = 16;
    private static final int FAMILY = 4;
    private static final int ATTRIBUTE = 8;
    private static final int LONGEST_ANSWER = 4096;

    private final int descriptor;
    private final Path link;

    private NetworkNamespace(int descriptor, Path link) {
        this.descriptor = descriptor;
        this.link = link;
    }

    /**
     * Opens that of a process; empty if there is no such process.
     *
     * @param link {@code /proc/PID/ns/net}
     * @throws KernelRefusal if the process may not be looked at
     */
    public static Optional<NetworkNamespace> open(Path link) {
        int descriptor = Libc.open(CgroupRoot.terminated(link.toString()), Libc.O_RDONLY | Libc.O_CLOEXEC);
        if (descriptor >= 0) {
            return Optional.of(new NetworkNamespace(descriptor, link));
        }
        int errno = Libc.errno();
        if (Errno.of(errno).isGone()) {
            return Optional.empty();
        }
        throw new KernelRefusal("cannot open " + link, errno);
    }

    /** Where a process that this one starts finds it. */
    public String path() {
        return "/proc/" + ProcessHandle.current().pid() + "/fd/" + descriptor;
    }

    /**
     * The number that the driver's own namespace knows it by ({@code link-netnsid}); empty if no interface leads there,
     * or nobody has listed one that does.
     */
    public OptionalInt number() {
        int socket = Libc.socket(AF_NETLINK, SOCK_RAW | Libc.O_CLOEXEC, NETLINK_ROUTE);
        if (socket < 0) {
            throw refusal(Libc.errno());
        }
        try {
            byte[] question = question().array();
            if (Libc.send(socket, question, question.length, 0) < 0) {
                throw refusal(Libc.errno());
            }
            byte[] answer = new byte[LONGEST_ANSWER];
            long length = Libc.recv(socket, answer, answer.length, 0);
            if (length < 0) {
                throw refusal(Libc.errno());
            }
            return number(ByteBuffer.wrap(answer, 0, (int) length).order(ByteOrder.nativeOrder()));
        } finally {
            Libc.close(socket);
        }
    }

    private ByteBuffer question() {
        int length = HEADER + FAMILY + ATTRIBUTE;
        return ByteBuffer.allocate(length)
                .order(ByteOrder.nativeOrder())
                .putInt(length)
                .putShort(RTM_GETNSID)
                .putShort(NLM_F_REQUEST)
                .putLong(0)
                .putInt(0)
                .putShort((short) ATTRIBUTE)
                .putShort(NETNSA_FD)
                .putInt(descriptor);
    }

    private OptionalInt number(ByteBuffer answer) {
        if (answer.limit() >= HEADER + Integer.BYTES && answer.getShort(Integer.BYTES) == NLMSG_ERROR) {
            throw refusal(-answer.getInt(HEADER));
        }
        int at = HEADER + FAMILY;
        while (answer.limit() - at >= ATTRIBUTE) {
            int length = Short.toUnsignedInt(answer.getShort(at));
            if (answer.getShort(at + Short.BYTES) == NETNSA_NSID) {
                int number = answer.getInt(at + 2 * Short.BYTES);
                return number < 0 ? OptionalInt.empty() : OptionalInt.of(number);
            }
            // Attributes begin at multiples of four.
            at += Math.max(ATTRIBUTE, (length + 3) & ~3);
        }
        throw new CgroupException("the kernel's answer to which network namespace " + link + " is makes no sense");
    }

    private KernelRefusal refusal(int errno) {
        return new KernelRefusal("cannot ask which network namespace " + link + " is", errno);
    }

    @Override
    public void close() {
        Libc.close(descriptor);
    }
}
